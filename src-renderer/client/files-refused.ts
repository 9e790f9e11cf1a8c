/** A request for files that the host refused, in its words. */
export class FilesRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FilesRefused';
  }
}
