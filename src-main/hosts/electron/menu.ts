import type { MenuItemConstructorOptions } from 'electron';
import type { WindowCommand } from '#shared/desktop/messages.ts';

export type DesktopCommand = 'open' | 'import-folder' | 'paper';

export type MenuAction =
  | { readonly to: 'window'; readonly command: WindowCommand }
  | { readonly to: 'desktop'; readonly command: DesktopCommand };

type Role = NonNullable<MenuItemConstructorOptions['role']>;

type Entry =
  | { readonly label: string; readonly accelerator?: string; readonly action: MenuAction }
  | { readonly role: Role }
  | 'separator';

interface Menu {
  readonly label: string;
  readonly entries: readonly Entry[];
}

const inWindow = (command: WindowCommand): MenuAction => ({ to: 'window', command });
const onDesktop = (command: DesktopCommand): MenuAction => ({ to: 'desktop', command });

/** Every menu, as a list. A command's meaning is the window's; the roles are the system's own. */
function menus(platform: NodeJS.Platform): readonly Menu[] {
  const mac = platform === 'darwin';
  const appMenu: Menu = {
    label: 'Grokscope',
    entries: [
      { label: 'About Grokscope', action: inWindow('about') },
      'separator',
      { role: 'services' },
      'separator',
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      'separator',
      { role: 'quit' },
    ],
  };
  const about: readonly Entry[] = [{ label: 'About Grokscope', action: inWindow('about') }];
  return [
    ...(mac ? [appMenu] : []),
    {
      label: 'File',
      entries: [
        { label: 'New Study', accelerator: 'CmdOrCtrl+N', action: inWindow('new-study') },
        { label: 'Open...', accelerator: 'CmdOrCtrl+O', action: onDesktop('open') },
        {
          label: 'Import Study Logs...',
          accelerator: 'CmdOrCtrl+Shift+O',
          action: onDesktop('import-folder'),
        },
        'separator',
        { label: 'Export...', accelerator: 'CmdOrCtrl+E', action: inWindow('export') },
        'separator',
        { role: mac ? 'close' : 'quit' },
      ],
    },
    {
      label: 'Edit',
      entries: [
        { role: 'undo' },
        { role: 'redo' },
        'separator',
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
        'separator',
        { label: 'Find', accelerator: 'CmdOrCtrl+F', action: inWindow('find') },
      ],
    },
    {
      label: 'Study',
      entries: [
        { label: 'Start', accelerator: 'CmdOrCtrl+Return', action: inWindow('start') },
        { label: 'Pause', accelerator: 'CmdOrCtrl+.', action: inWindow('pause') },
      ],
    },
    {
      label: 'View',
      entries: [
        { label: 'Commands', accelerator: 'CmdOrCtrl+K', action: inWindow('palette') },
        { label: 'Settings', accelerator: 'CmdOrCtrl+,', action: inWindow('toggle-settings') },
        'separator',
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        'separator',
        { role: 'reload' },
        { role: 'toggleDevTools' },
      ],
    },
    { label: 'Window', entries: [{ role: 'minimize' }, { role: mac ? 'front' : 'close' }] },
    {
      label: 'Help',
      entries: [{ label: 'The Paper', action: onDesktop('paper') }, ...(mac ? [] : about)],
    },
  ];
}

/** The menus as Electron wants them; `run` hears every action. */
export function menuTemplate(
  platform: NodeJS.Platform,
  run: (action: MenuAction) => void,
): MenuItemConstructorOptions[] {
  return menus(platform).map(({ label, entries }) => ({
    label,
    submenu: entries.map((entry): MenuItemConstructorOptions => {
      if (entry === 'separator') return { type: 'separator' };
      if ('role' in entry) return { role: entry.role };
      const item = { label: entry.label, click: () => run(entry.action) };
      return entry.accelerator === undefined ? item : { ...item, accelerator: entry.accelerator };
    }),
  }));
}
