import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yamlLanguage } from '@codemirror/lang-yaml';
import { bracketMatching, indentOnInput, indentUnit, LanguageSupport } from '@codemirror/language';
import { lintGutter, lintKeymap } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, Prec } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
} from '@codemirror/view';
import { studyCompletions } from './complete.ts';
import type { CompletablePreset } from './complete.ts';
import { studyHover } from './hover.ts';
import { editorLook } from './look.ts';
import { typeOver } from './type-over.ts';

export interface EditorHooks {
  readonly presets: () => readonly CompletablePreset[];
  readonly changed: (text: string) => void;
  readonly start: () => void;
}

const hint =
  'Choose a preset above, drop a study\nfile, or write one here:\n\nstudy: My question\ntask:\n  kind: modular-addition\n  modulus: 31\n\nCtrl+Space shows what can stand at\nthe cursor.';

/** An editor for study files. JSON is a part of YAML, and is read as that. */
export function createEditor(parent: HTMLElement, text: string, hooks: EditorHooks): EditorView {
  const start = (): boolean => {
    hooks.start();
    return true;
  };
  return new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        // Before the default keys, which would break the line.
        Prec.highest(keymap.of([{ key: 'Mod-Enter', run: start }])),
        lineNumbers(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        lintGutter(),
        history(),
        typeOver,
        drawSelection(),
        EditorState.allowMultipleSelections.of(true),
        indentUnit.of('  '),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        new LanguageSupport(yamlLanguage, []),
        search({ top: true }),
        highlightSelectionMatches(),
        autocompletion({ override: [studyCompletions(hooks.presets)], activateOnTyping: true, icons: false }),
        studyHover,
        placeholder(hint),
        keymap.of([
          ...closeBracketsKeymap,
          ...completionKeymap,
          ...historyKeymap,
          ...searchKeymap,
          ...lintKeymap,
          // Esc lets the next Tab leave the editor, which CodeMirror sees to and the description says.
          indentWithTab,
          ...defaultKeymap,
        ]),
        EditorView.contentAttributes.of({
          'aria-label': 'Study file',
          'aria-describedby': 'study-editor-help',
          // What scrolls must say that the keyboard reaches it.
          tabindex: '0',
          spellcheck: 'false',
          autocapitalize: 'off',
          autocorrect: 'off',
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) hooks.changed(update.state.doc.toString());
        }),
        editorLook,
      ],
    }),
  });
}
