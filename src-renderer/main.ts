import './jitless.ts';
import './main.css';

// Each of these evaluates its part of the script in a task of its own: all of it, and drawing the window, would be one of 150 ms.
const { openConnection } = await import('./open-connection.ts');
const opening = openConnection(window);
const { startWindow } = await import('./start-window.ts');
await startWindow(await opening);
