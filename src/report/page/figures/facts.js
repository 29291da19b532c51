// What is known of the images that a map's points stand for; see page.hpp.

const known = (list, image) => (Array.isArray(list) && Number.isInteger(list[image]) && list[image] >= 0 ? list[image] : null);

export class ImageFacts {
  constructor({ called, numbers, files, file_names: fileNames, classes, clusters, predicted, class_names: names }) {
    Object.assign(this, { called, numbers, files, fileNames, classes, clusters, predicted, names });
  }

  // "image 17", or "image 17 of valX.npy" where there are several files.
  title(image) {
    const file = this.fileNames?.[this.files?.[image]];
    return `${this.called ?? 'image'} ${this.numbers?.[image] ?? image}${file === undefined ? '' : ` of ${file}`}`;
  }

  className(label) {
    return String(this.names?.[label] ?? label);
  }

  // Whether the image has a label and its cluster is matched with another class, or with none.
  isMisclustered(image) {
    const label = known(this.classes, image);
    return label !== null && Array.isArray(this.predicted) && this.predicted[image] !== label;
  }

  // How many images have a label and a cluster, and how many of them lie in one of another class.
  get counts() {
    let [labelled, misclustered] = [0, 0];
    if (Array.isArray(this.predicted)) {
      (this.classes ?? []).forEach((label, image) => {
        labelled += label >= 0;
        misclustered += this.isMisclustered(image);
      });
    }
    return { labelled, misclustered };
  }

  // For the pointer; the first is the title.
  lines(image) {
    const label = known(this.classes, image);
    const cluster = this.clusters?.[image];
    const predicted = known(this.predicted, image);
    const found = [this.title(image)];
    if (Array.isArray(this.classes)) found.push(`class: ${label === null ? 'no label' : this.className(label)}`);
    if (Number.isInteger(cluster)) found.push(`cluster: ${cluster < 0 ? 'noise' : cluster}`);
    if (Array.isArray(this.predicted)) {
      found.push(`predicted class: ${predicted === null ? 'none' : this.className(predicted)}${this.isMisclustered(image) ? ', misclustered' : ''}`);
    }
    return found;
  }
}
