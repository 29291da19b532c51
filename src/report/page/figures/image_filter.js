import { element } from '../dom.js';
import { count } from '../format.js';

// Which images a figure's panels show: all, or those alone that are in a cluster of another class.

export class ImageFilter {
  #listeners = new Set();

  constructor(facts) {
    this.facts = facts;
    this.misclusteredOnly = false;
  }

  shows(image) {
    return !this.misclusteredOnly || (image >= 0 && this.facts.isMisclustered(image));
  }

  // Returns what undoes it.
  onChange(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  // A box to tick; nothing where it is not known which images are misclustered.
  control() {
    const { labelled, misclustered } = this.facts?.counts ?? { labelled: 0, misclustered: 0 };
    if (!labelled) return null;
    const box = element('input', {
      type: 'checkbox',
      onchange: () => {
        this.misclusteredOnly = box.checked;
        for (const listener of this.#listeners) listener();
      },
    });
    return element('label', { class: 'switch' }, box, ` Misclustered only (${count(misclustered)} of ${count(labelled)} labelled images)`);
  }
}
