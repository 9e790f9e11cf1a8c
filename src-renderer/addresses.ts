/** Where the router has the page of a study, for links that are many: `RouterLink` asks it for each. */
export function studyAddress(id: number): string {
  return `#/studies/${id}`;
}

export function runAddress(id: number): string {
  return `#/runs/${id}`;
}
