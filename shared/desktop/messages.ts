import { z } from 'zod';

// What a window and the desktop say to each other beside the contract: menus, files, dialogs. Both ends parse what they hear with these.

export const windowCommands = [
  'new-study',
  'start',
  'pause',
  'export',
  'find',
  'palette',
  'toggle-settings',
  'about',
] as const;
export type WindowCommand = (typeof windowCommands)[number];

export const dialogKinds = ['open', 'import-folder', 'export-folder', 'save-lab', 'save-figure'] as const;
export type DialogKind = (typeof dialogKinds)[number];

/** Window to desktop, checked where it enters. */
export const windowMessageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('choose'),
    id: z.int(),
    dialog: z.enum(dialogKinds),
    suggestedName: z.string().max(255).default(''),
  }),
  z.object({ type: z.literal('dropped'), paths: z.array(z.string().max(4096)).max(1000) }),
  z.object({ type: z.literal('open-link'), url: z.string().max(2048) }),
]);
export type WindowMessage = z.infer<typeof windowMessageSchema>;

const path = z.string();

/** A file or folder the user opened. Labs are opened by the desktop and never get here. */
const openedFileSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('study'), path, text: z.string() }).readonly(),
  z.object({ kind: z.literal('folder'), path }).readonly(),
  z.object({ kind: z.literal('import-lab'), path }).readonly(),
]);
export type OpenedFile = z.infer<typeof openedFileSchema>;

/** Desktop to window, checked where it enters. */
export const desktopMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('command'), command: z.enum(windowCommands) }).readonly(),
  z.object({ type: z.literal('opened'), files: z.array(openedFileSchema).readonly() }).readonly(),
  /** `paths` is empty when the dialog was cancelled. */
  z.object({ type: z.literal('chosen'), id: z.int(), paths: z.array(path).readonly() }).readonly(),
]);
export type DesktopMessage = z.infer<typeof desktopMessageSchema>;
