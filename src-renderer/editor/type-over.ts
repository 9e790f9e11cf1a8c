import { EditorState, Prec } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

/**
 * Typing over a selection. Left to the browser, that would keep the look of what was selected in a style attribute, which the window's
 * policy refuses, with a complaint on the console for every such key.
 */
export const typeOver = Prec.high(
  EditorView.domEventHandlers({
    beforeinput(event, view) {
      // The page's selection, of which the editor may not have heard yet.
      const range = getSelection()?.rangeCount ? getSelection()?.getRangeAt(0) : null;
      if (event.inputType !== 'insertText' || event.data === null || !range || range.collapsed) return false;
      if (view.composing || view.state.facet(EditorState.readOnly)) return false;
      const from = view.posAtDOM(range.startContainer, range.startOffset);
      const to = view.posAtDOM(range.endContainer, range.endOffset);
      if (from === to) return false;
      const insert = view.state.toText(event.data);
      const transaction = (): ReturnType<typeof view.state.update> =>
        view.state.update({
          changes: { from, to, insert },
          selection: { anchor: from + insert.length },
          userEvent: 'input.type',
          scrollIntoView: true,
        });
      const handlers = view.state.facet(EditorView.inputHandler);
      // Such as the one that puts brackets around what is selected.
      if (!handlers.some((handle) => handle(view, from, to, event.data ?? '', transaction)))
        view.dispatch(transaction());
      return true;
    },
  }),
);
