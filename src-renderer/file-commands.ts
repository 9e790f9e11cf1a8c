import { useFileIntake } from './file-intake.ts';
import { useShell } from './stores/shell.ts';

/** What the palette offers of files and notices. */
export function useFileCommands() {
  const intake = useFileIntake();
  const shell = useShell();
  return [
    {
      id: 'open',
      label: 'Open studies or labs...',
      icon: 'i-lucide-folder-open',
      keys: [],
      run: () => void intake.choose('files'),
    },
    {
      id: 'import-folder',
      label: 'Import a folder of study logs...',
      icon: 'i-lucide-folder-input',
      keys: [],
      run: () => void intake.choose('folder'),
    },
    {
      id: 'export',
      label: 'Export...',
      icon: 'i-lucide-download',
      keys: [],
      run: () => {
        shell.exporting = true;
      },
    },
    {
      id: 'notices',
      label: 'Past notices',
      icon: 'i-lucide-bell',
      keys: [],
      run: () => {
        shell.notices = true;
      },
    },
  ];
}
