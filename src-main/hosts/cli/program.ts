import { Command, InvalidArgumentError, Option } from 'commander';
import { engineNames } from '#shared/models/run.ts';
import { appVersion } from '../../version.ts';
import { studyDetectors } from './commands/detectors.ts';
import { runDoctor } from './commands/doctor.ts';
import { exportTarget, exportFormats } from './commands/export.ts';
import { drawFigures, figureFormats } from './commands/figures.ts';
import { importPath } from './commands/import.ts';
import { checkLabFile, exportLabTo, repairLabFile } from './commands/lab.ts';
import { listLab } from './commands/list.ts';
import { replayRun } from './commands/replay.ts';
import { reportFormats, reportStudy } from './commands/report.ts';
import { resumeStudies } from './commands/resume.ts';
import { runStudyFile } from './commands/run.ts';
import { serve } from './commands/serve.ts';
import { showRun } from './commands/show.ts';
import { startLab } from './commands/start.ts';
import type { Terminal } from './terminal.ts';

// Commander keeps state in an option, so every command gets its own.
const labOption = (): Option => new Option('--lab <file>', "the lab file; default: this user's history");
const workersOption = (): Option =>
  new Option('--workers <n>', 'runs trained at once; default: one a core').argParser(wholeFrom(1));
const jsonOption = (): Option => new Option('--json', 'one JSON object instead of text').default(false);
const engineOption = (): Option =>
  new Option('--engine <name>', 'what computes').choices(['auto', ...engineNames]).default('auto');

/** The command line of docs: each command is a file of `commands/`, and ends with an exit code given to `done`. */
export function createProgram(terminal: Terminal, done: (code: number) => void): Command {
  const program = new Command('grokscope')
    .description('A lab for grokking: trains studies on this machine and measures them.')
    .version(appVersion)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.say(text.trimEnd()),
    });

  program
    .command('run <study>')
    .description(
      'train what is missing of a study file (or of a preset: quick, headline, ...) and print its report',
    )
    .addOption(labOption())
    .addOption(engineOption())
    .addOption(workersOption())
    .option('--set <path=value>', 'override a field of the file; may be repeated', collect, [])
    .addOption(jsonOption())
    .action(async (study, options) => done(await runStudyFile(terminal, study, options)));
  program
    .command('resume [study]')
    .description('train what is missing of a stored study, or of all of them')
    .addOption(labOption())
    .addOption(engineOption())
    .addOption(workersOption())
    .action(async (study, options) => done(await resumeStudies(terminal, study, options)));
  program
    .command('list [study]')
    .description('the studies of the lab and the state of their runs; of one study, its runs by number')
    .addOption(labOption())
    .addOption(jsonOption())
    .action(async (study, options) => done(await listLab(terminal, study, options)));
  program
    .command('show <run>')
    .description('one run, by its number (`list STUDY`): settings, provenance, detectors, last values')
    .addOption(labOption())
    .addOption(jsonOption())
    .action(async (run, options) => done(await showRun(terminal, run, options)));
  program
    .command('report <study>')
    .description('what was measured, beside what was published')
    .addOption(labOption())
    .addOption(new Option('--format <format>', 'how it is written').choices(reportFormats).default('text'))
    .addOption(jsonOption())
    .action(async (study, options) => done(await reportStudy(terminal, study, options)));
  program
    .command('detectors <study>')
    .description('what a stored study scores its runs by, and --set to change it; nothing is trained')
    .addOption(labOption())
    .option(
      '--set <path=value>',
      'such as detectors.half.threshold=0.3 or late.range=[200,400]; may be repeated',
      collect,
      [],
    )
    .action(async (study, options) => done(await studyDetectors(terminal, study, options)));
  program
    .command('export <target>')
    .description('a study, or a run by its number, as files')
    .addOption(labOption())
    .addOption(new Option('--format <format>', 'which files').choices(exportFormats).makeOptionMandatory())
    .requiredOption('--out <folder>', 'where they go')
    .option('--force', 'overwrite files that are there', false)
    .action(async (target, options) => done(await exportTarget(terminal, target, options)));
  program
    .command('figures <study>')
    .description('the figures of a study as files for a paper, each with the table of its numbers')
    .addOption(labOption())
    .addOption(new Option('--format <format>', 'which files').choices(figureFormats).default('svg'))
    .option('--width <mm>', 'of a figure: 85 for a column, 170 for two', millimetres, 85)
    .option('--height <mm>', 'default: 0.62 of the width', millimetres)
    .option('--figure <id>', 'only this one; may be repeated', collect, [])
    .requiredOption('--out <folder>', 'where they go')
    .option('--force', 'overwrite files that are there', false)
    .action(async (study, options) => done(await drawFigures(terminal, study, options)));
  program
    .command('import <path>')
    .description(
      'study logs (a folder a run, with log.jsonl and config.json) or another lab file, into the lab',
    )
    .addOption(labOption())
    .action(async (from, options) => done(await importPath(terminal, from, options)));
  program
    .command('replay <run>')
    .description('train a run again to an epoch and compute its repulsion probe there')
    .requiredOption('--epoch <n>', 'the epoch', wholeFrom(0))
    .addOption(labOption())
    .addOption(jsonOption())
    .action(async (run, options) => done(await replayRun(terminal, run, options)));
  program
    .command('start')
    .description('open the lab: its window where Electron is, else the browser')
    .addOption(labOption())
    .addOption(workersOption())
    .option('--port <n>', 'of the browser host; default: a free one', wholeFrom(0))
    .option('--no-open', 'only print the address')
    .option('--fetch-tensorflow', 'in the background, where set-up left it out')
    .action(async (options) => done(await startLab(terminal, options)));
  program
    .command('serve')
    .description('the lab in a browser of this machine')
    .addOption(labOption())
    .addOption(workersOption())
    .option('--port <n>', 'default: a free one', wholeFrom(0))
    .option('--no-open', 'only print the address')
    .action(async (options) => done(await serve(terminal, options)));
  const labCommand = program.command('lab').description('the lab file itself');
  labCommand
    .command('check')
    .description('read every number of the lab and say what is wrong')
    .addOption(labOption())
    .addOption(jsonOption())
    .action((options) => done(checkLabFile(terminal, options)));
  labCommand
    .command('repair')
    .description('bring what can be read of a damaged lab into a new one')
    .addOption(labOption())
    .option('--out <file>', 'the new lab; default: beside the old one')
    .action((options) => done(repairLabFile(terminal, options)));
  labCommand
    .command('export <file>')
    .description('everything, a study or a run as a lab of its own')
    .addOption(labOption())
    .option('--study <study>', 'only this study')
    .option('--run <run>', 'only this run')
    .option('--force', 'overwrite the file', false)
    .action(async (file, options) => done(await exportLabTo(terminal, file, options)));
  program
    .command('doctor')
    .description('engines, versions, threads, speed, and where data lives')
    .addOption(labOption())
    .addOption(jsonOption())
    .action(async (options) => done(await runDoctor(terminal, options)));
  return program;
}

function collect(value: string, earlier: readonly string[]): string[] {
  return [...earlier, value];
}

function millimetres(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1000)) throw new InvalidArgumentError('It must be a number of millimetres.');
  return value;
}

function wholeFrom(least: number): (text: string) => number {
  return (text) => {
    if (!/^\d+$/.test(text) || Number(text) < least)
      throw new InvalidArgumentError(`It must be a whole number >= ${least}.`);
    return Number(text);
  };
}
