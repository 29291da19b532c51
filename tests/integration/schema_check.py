#!/usr/bin/python3
"""Tries the JSON Schema on standard input on sweep files: schema_check.py GOOD... -- BROKEN...

Every good file must pass, and every broken one must be refused, but for those whose form is right. Exit status 1 otherwise."""
import json
import pathlib
import re
import sys

import jsonschema
import yaml


# What is wrong with these depends on the data set, on other files, or is gone once YAML is read.
RIGHT_IN_FORM = set("""duplicate_key impossible_dimensions impossible_training long_name missing_files nothing_to_train tf32_on_the_cpu
unreadable_dataset wrong_channels wrong_decoder yaml_begins_with_hash""".split())


class Loader(yaml.SafeLoader):
    """YAML 1.2's numbers, which PyYAML does not know: 1e-3."""


Loader.add_implicit_resolver('tag:yaml.org,2002:float', re.compile(r'^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$'), list('-+0123456789.'))
Loader.add_implicit_resolver('tag:yaml.org,2002:int', re.compile(r'^[-+]?[0-9]+$'), list('-+0123456789'))

schema = json.load(sys.stdin)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
split = sys.argv.index('--')
good, broken = sys.argv[1:split], sys.argv[split + 1:]
status = 0
for file in good:
    for error in validator.iter_errors(yaml.load(pathlib.Path(file).read_text(), Loader)):
        print(f'{file}: {"/".join(map(str, error.absolute_path))}: {error.message[:200]}')
        status = 1
passed = set()
for file in broken:
    try:
        document = yaml.load(pathlib.Path(file).read_text(), Loader)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError):
        continue  # no YAML
    if validator.is_valid(document):
        passed.add(pathlib.Path(file).stem)
print(f'{len(good)} good, {len(broken) - len(passed)} of {len(broken)} broken ones refused')
for name in sorted(passed ^ RIGHT_IN_FORM):
    print(f'{name} ' + ('is let through' if name in passed else 'is refused now: take it off the list'))
    status = 1
sys.exit(status)
