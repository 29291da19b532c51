// Colours that colour-blind readers can tell apart: Okabe and Ito, jfly.uni-koeln.de/color.

const hues = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#F0E442'];
const shapes = ['circle', 'triangle', 'diamond', 'rect'];

// What a canvas needs to know of the style sheet's colours.
export function themeColours() {
  const style = getComputedStyle(document.documentElement);
  const get = (name) => style.getPropertyValue(name).trim();
  return {
    dark: document.documentElement.dataset.theme === 'dark',
    text: get('--text'),
    muted: get('--muted'),
    border: get('--border'),
    background: get('--background'),
    font: getComputedStyle(document.body).fontFamily,
  };
}

// Index 7 is black, or white on a dark page; -1 is grey; larger ones begin anew.
export function colour(index, theme) {
  if (!Number.isInteger(index) || index < 0) return theme.dark ? '#8b949e' : '#767c84';
  return hues[index % 8] ?? (theme.dark ? '#ffffff' : '#000000');
}

// Colours repeat after eight: marks then have another shape.
export const shape = (index) => shapes[Math.max(0, Math.floor((index ?? 0) / 8)) % shapes.length];

// From the page's colour to strong ones: what is larger stands out, on light and on dark.
const ramps = { light: ['#dbe9f4', '#56a3d0', '#0a5d94', '#1b1145'], dark: ['#24384d', '#2f7fb5', '#7cc6ee', '#f6ef9a'] };
export const ramp = (theme) => (theme.dark ? ramps.dark : ramps.light);

const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

// The ramp's colour at `fraction` in [0, 1], as [red, green, blue].
function mix(stops, fraction) {
  const place = Math.min(Math.max(fraction, 0), 1) * (stops.length - 1);
  const below = Math.min(Math.floor(place), stops.length - 2);
  const [from, to] = [channels(stops[below]), channels(stops[below + 1])];
  return from.map((value, channel) => Math.round(value + (to[channel] - value) * (place - below)));
}

export const rampColour = (theme, fraction) => `rgb(${mix(ramp(theme), fraction).join(',')})`;

// Black or white, whichever reads better on the ramp's colour (WCAG's relative luminance).
export function inkOn(theme, fraction) {
  const [red, green, blue] = mix(ramp(theme), fraction).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000000' : '#ffffff';
}
