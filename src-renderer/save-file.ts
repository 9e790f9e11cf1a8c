/** Hands a file to the person: a download in a browser, the system's dialog on a desktop. */
export function saveFile(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download has taken hold of the content by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
