/** The pages of a study, in the order of their tabs; each is a route of this name at `/studies/:id...`. */
export const studyPages = [
  { name: 'study', label: 'Dashboard', icon: 'i-lucide-chart-line' },
  { name: 'detectors', label: 'Detectors', icon: 'i-lucide-sliders-horizontal' },
  { name: 'matrix', label: 'B matrix', icon: 'i-lucide-grid-3x3' },
  { name: 'report', label: 'Report', icon: 'i-lucide-file-text' },
] as const;

/** Whether a route is a page of a study, so that its `id` is the study's. */
export function isStudyPage(route: unknown): boolean {
  return studyPages.some(({ name }) => name === route);
}
