// Running and reporting set-up steps. Everything goes to standard error: standard output belongs to the command that follows.
import { spawn } from 'node:child_process';

const isTerminal = process.stderr.isTTY === true && process.env.TERM !== 'dumb';
const clear = '\r\u001b[K';

export function say(line) {
  // On a terminal over what another step says of itself.
  process.stderr.write(`${isTerminal ? clear : ''}${line}\n`);
}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

/** Says again and again how far something is: in one line of a terminal each second, elsewhere in a line each quarter of a minute. */
function follow(title, started, soFar) {
  const tell = () => {
    const words = `${title}: ${soFar()}, ${seconds(started)}`;
    if (isTerminal) process.stderr.write(`${clear}${words}`);
    else say(words);
  };
  const timer = setInterval(tell, isTerminal ? 1_000 : 15_000);
  return () => {
    clearInterval(timer);
    if (isTerminal) process.stderr.write(clear);
  };
}

/** Announces a step, runs it, and says how long it took; meanwhile, where `soFar` can tell, how far it is. */
export async function step(title, action, soFar) {
  const started = Date.now();
  say(`${title} ...`);
  const stop = soFar ? follow(title, started, soFar) : () => {};
  const result = await action().finally(stop);
  say(`${title}: done in ${seconds(started)}`);
  return result;
}

function excerpt(output) {
  const text = output.trim();
  return text.length <= 3_000 ? text : `${text.slice(0, 1_500)}\n...\n${text.slice(-1_500)}`;
}

/** Runs a program quietly and rejects with the end of what it printed when it fails; `loud` shows its output as it comes. */
export function run(command, args, { loud = false, timeout = 15 * 60_000, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    // Not spawn's own: for a program that could not be started nobody ends that one, and set-up would wait for it.
    const timer = setTimeout(() => child.kill(), timeout);
    let output = '';
    const keep = (chunk) => {
      if (loud) process.stderr.write(chunk);
      output += chunk;
      // A compiler can print megabytes; the first error and the last words are what a reader needs.
      if (output.length > 40_000) output = `${output.slice(0, 10_000)}\n...\n${output.slice(-10_000)}`;
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(new Error(`${command} could not be started: ${error.message}`));
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(output);
      else
        reject(
          new Error(
            `${command} ${args.slice(0, 3).join(' ')} ended with ${signal ?? code}:\n${excerpt(output)}`,
          ),
        );
    });
  });
}
