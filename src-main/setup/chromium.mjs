// The browser tests need a Chromium. Debian's is installed where we may; elsewhere the tests say that they were skipped.
import { spawnSync } from 'node:child_process';
import { run, say, step } from './steps.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

function isThere(command) {
  return spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
}

export async function ensureChromium() {
  if (names.some(isThere)) return;
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !isThere('apt-get')) {
    say(
      'Chromium: not on this machine; the browser tests will say SKIPPED. Install it to run them (Debian: apt install chromium).',
    );
    return;
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await step('Installing Chromium for the browser tests (apt-get)', async () => {
      await run('apt-get', ['update'], { env });
      await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], {
        env,
      });
    });
  } catch (error) {
    say(
      `Chromium: could not be installed (${error.message.split('\n', 1)[0]}); the browser tests will say SKIPPED.`,
    );
  }
}
