import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { windowCommands } from '#shared/desktop/messages.ts';
import { menuTemplate } from '#main/hosts/electron/menu.ts';
import type { MenuAction } from '#main/hosts/electron/menu.ts';

function itemsOf(platform: NodeJS.Platform, run: (action: MenuAction) => void = () => undefined) {
  return menuTemplate(platform, run).flatMap(({ submenu }): MenuItemConstructorOptions[] =>
    Array.isArray(submenu) ? submenu : [],
  );
}

/** Clicks as Electron does, with arguments that no item of ours looks at. */
function click(item: MenuItemConstructorOptions): void {
  const listener: unknown = item.click;
  if (typeof listener === 'function') listener();
}

describe.each(['linux', 'win32', 'darwin'] as const)('the menus on %s', (platform) => {
  it('give every command of the window a place, and the desktop its own', () => {
    const actions: MenuAction[] = [];
    for (const item of itemsOf(platform, (action) => actions.push(action))) click(item);
    const commands = (to: MenuAction['to']) =>
      actions.filter((action) => action.to === to).map(({ command }) => command);
    expect(commands('window').toSorted()).toEqual([...windowCommands].toSorted());
    expect(commands('desktop').toSorted()).toEqual(['import-folder', 'open', 'paper']);
  });

  it('use no key twice, and none of the system roles', () => {
    const keys = itemsOf(platform).flatMap(({ accelerator }) => (accelerator ? [accelerator] : []));
    expect(new Set(keys).size).toBe(keys.length);
    // The keys Electron's documentation gives the roles used here.
    const roleKeys = ['Z', 'Shift+Z', 'Y', 'X', 'C', 'V', 'A', 'R', 'W', 'Q', 'M', '0', 'Plus', '-'];
    for (const key of roleKeys) expect(keys).not.toContain(`CmdOrCtrl+${key}`);
    for (const key of keys) expect(key).toMatch(/^CmdOrCtrl\+(Shift\+)?([A-Z]|Return|,|\.)$/);
  });

  it('end with a way to quit, and have an application menu on a Mac alone', () => {
    const roles = itemsOf(platform).flatMap(({ role }) => (role ? [role] : []));
    expect(roles.filter((role) => role === 'quit')).toHaveLength(1);
    expect(menuTemplate(platform, () => undefined)[0].label).toBe(
      platform === 'darwin' ? 'Grokscope' : 'File',
    );
  });
});
