import { element } from '../dom.js';

// The one box that follows the pointer over charts. Its content is made of nodes, never of markup.

const margin = 12;
const box = element('div', { class: 'tooltip', hidden: true });

export function hideTooltip() {
  box.hidden = true;
}

// Places of the pointer are in the window's pixels.
export function showTooltip(clientX, clientY, ...children) {
  if (!box.isConnected) document.body.append(box);
  box.replaceChildren(...children.flat().filter(Boolean));
  box.hidden = false;
  const { width, height } = box.getBoundingClientRect();
  const room = { width: document.documentElement.clientWidth, height: window.innerHeight };
  const left = clientX + margin + width <= room.width ? clientX + margin : clientX - margin - width;
  const top = clientY + margin + height <= room.height ? clientY + margin : clientY - margin - height;
  box.style.left = `${Math.max(0, Math.min(left, room.width - width))}px`;
  box.style.top = `${Math.max(0, top)}px`;
}

export const tooltipTitle = (text) => (text ? element('strong', {}, text) : null);
export const tooltipLine = (text) => (text ? element('div', {}, text) : null);

// Shows what `describe(params)` returns, an array of nodes or null, for the mark under the pointer of a chart.
export function followMarks(instance, box, describe) {
  instance.on('mousemove', (params) => {
    const content = describe(params);
    if (!content) return hideTooltip();
    const corner = box.getBoundingClientRect();
    return showTooltip(corner.left + params.event.offsetX, corner.top + params.event.offsetY, content);
  });
  instance.on('mouseout', hideTooltip);
  instance.on('globalout', hideTooltip);
}

window.addEventListener('scroll', hideTooltip, { passive: true, capture: true });
window.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') hideTooltip();
});
