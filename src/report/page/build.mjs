// node build.mjs FOLDER: bundles the page's modules with those in FOLDER/node_modules and writes FOLDER/page_template.cpp:
// the page up to its content, and what follows it.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = dirname(fileURLToPath(import.meta.url));
const folder = resolve(process.argv[2]);
const modules = join(folder, 'node_modules');
const esbuild = createRequire(join(folder, 'package.json'))('esbuild');

// What the licences of the bundled packages ask to be passed on.
function licences() {
  const files = ['echarts/NOTICE', 'echarts/LICENSE', 'zrender/LICENSE', 'tslib/LICENSE.txt'];
  const text = files.map((file) => `${file}\n\n${readFileSync(join(modules, file), 'utf8').replaceAll('\r', '').trim()}`).join('\n\n');
  if (text.includes('*/')) throw new Error('a licence would end the comment it stands in');
  return `/*\nThis page contains Apache ECharts, zrender and tslib.\n\n${text}\n*/`;
}

async function script() {
  const result = await esbuild.build({
    entryPoints: [join(source, 'main.js')], bundle: true, write: false, minify: true, format: 'iife', target: 'es2022', charset: 'utf8',
    legalComments: 'none', nodePaths: [modules], banner: { js: licences() }, logLevel: 'warning',
  });
  const text = result.outputFiles[0].text;
  // Either would be read as markup inside a script element, and a carriage return would change its hash.
  if (/<\/script|<!--|\r/i.test(text)) throw new Error('the script holds what a script element can not');
  return text;
}

async function style() {
  const { code } = await esbuild.transform(readFileSync(join(source, 'page.css'), 'utf8'), { loader: 'css', minify: true, charset: 'utf8' });
  if (code.includes('</')) throw new Error('the style sheet holds a closing tag');
  return code;
}

const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

function fill(template, slots) {
  return template.replace(/@([A-Z]+)@/g, (slot, name) => slots[name] ?? slot);
}

// As C++ string literals, short enough for any compiler.
function literal(text) {
  const delimiter = 'latentgrid';
  if (text.includes(`)${delimiter}"`)) throw new Error('the page holds the end of a C++ string literal');
  const pieces = text.match(/[\s\S]{1,8000}(?![\uDC00-\uDFFF])/g);
  return pieces.map((piece) => `R"${delimiter}(${piece})${delimiter}"`).join('\n');
}

const [code, css] = [await script(), await style()];
// Nothing is fetched, nothing runs but this script: the reader's data can't become code.
const policy = `default-src 'none'; script-src ${hash(code)}; style-src ${hash(css)}; img-src data:; base-uri 'none'; form-action 'none'`;
const [before, after] = readFileSync(join(source, 'page.html'), 'utf8').split('@CONTENT@');
const slots = { POLICY: policy, STYLE: css, SCRIPT: code };
writeFileSync(join(folder, 'page_template.cpp'), `// Written by src/report/page/build.mjs.
#include "report/page_template.hpp"

namespace latentgrid {

const std::string_view page_before_content = ${literal(fill(before, slots))};

const std::string_view page_after_content = ${literal(fill(after, slots))};

}  // namespace latentgrid
`);
