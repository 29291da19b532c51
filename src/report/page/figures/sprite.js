import { element } from '../dom.js';

// Many small images in one large one, a row after the other: {url, width, height, columns}.

const magnification = 3;

export const isImage = (url) => typeof url === 'string' && url.startsWith('data:image/');

export class Sprite {
  #image = null;

  constructor({ url, width, height, columns }) {
    Object.assign(this, { url, width, height, columns });
  }

  // Decodes it ahead of the first crop.
  load() {
    if (this.#image || !isImage(this.url)) return;
    this.#image = new Image();
    this.#image.src = this.url;
  }

  // The image of that index, magnified without smoothing.
  crop(index) {
    this.load();
    const canvas = element('canvas', { width: this.width * magnification, height: this.height * magnification, class: 'crop' });
    const draw = () => {
      const context = canvas.getContext('2d');
      context.imageSmoothingEnabled = false;
      context.drawImage(this.#image, (index % this.columns) * this.width, Math.floor(index / this.columns) * this.height, this.width,
        this.height, 0, 0, canvas.width, canvas.height);
    };
    if (this.#image?.complete) draw();
    else this.#image?.addEventListener('load', draw, { once: true });
    return canvas;
  }
}
