import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** In the window's own colours, which change with the theme and have AA contrast in both. */
const theme = EditorView.theme({
  '&': {
    height: '100%',
    fontSize: '13px',
    backgroundColor: 'var(--ui-bg)',
    color: 'var(--ui-text-highlighted)',
  },
  '&.cm-focused': { outline: '2px solid var(--ui-primary)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '20px' },
  '.cm-content': { padding: '6px 0', caretColor: 'var(--ui-text-highlighted)' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--ui-text-highlighted)' },
  '.cm-gutters': {
    backgroundColor: 'var(--ui-bg-muted)',
    color: 'var(--ui-text-dimmed)',
    borderRightColor: 'var(--ui-border)',
  },
  '.cm-activeLineGutter': { backgroundColor: 'var(--ui-bg-elevated)', color: 'var(--ui-text-highlighted)' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--ui-bg-elevated) 45%, transparent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--ui-primary) 28%, transparent)',
  },
  '&.cm-focused .cm-matchingBracket': {
    backgroundColor: 'color-mix(in srgb, var(--ui-primary) 25%, transparent)',
  },
  '.cm-searchMatch': { backgroundColor: 'color-mix(in srgb, var(--ui-warning) 30%, transparent)' },
  '.cm-searchMatch-selected': { backgroundColor: 'color-mix(in srgb, var(--ui-warning) 55%, transparent)' },
  '.cm-panels': {
    backgroundColor: 'var(--ui-bg-muted)',
    color: 'var(--ui-text)',
    borderColor: 'var(--ui-border)',
  },
  '.cm-textfield, .cm-button': {
    backgroundColor: 'var(--ui-bg)',
    backgroundImage: 'none',
    color: 'var(--ui-text-highlighted)',
    border: '1px solid var(--ui-border-accented)',
    borderRadius: '4px',
  },
  '.cm-placeholder': { color: 'var(--ui-text-dimmed)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--ui-bg)',
    color: 'var(--ui-text)',
    border: '1px solid var(--ui-border-accented)',
    borderRadius: '6px',
    boxShadow: '0 4px 16px rgb(0 0 0 / 0.18)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--ui-primary)',
    color: 'var(--ui-bg)',
  },
  '.cm-completionDetail': { fontStyle: 'normal', opacity: '0.85' },
  '.cm-completionInfo': { maxWidth: '22rem', padding: '8px 10px' },
  '.study-guide': {
    maxWidth: '24rem',
    padding: '6px 8px',
    fontSize: '12px',
    lineHeight: '17px',
    fontFamily: 'var(--font-sans)',
  },
  '.cm-completionInfo .study-guide': { padding: '0' },
  '.study-guide-key': {
    fontFamily: 'var(--font-mono)',
    fontWeight: '600',
    color: 'var(--ui-text-highlighted)',
  },
  '.study-guide-allowed': { color: 'var(--ui-text-muted)' },
  '.cm-diagnostic': { fontFamily: 'var(--font-sans)', maxWidth: '32rem' },
});

const highlight = HighlightStyle.define([
  { tag: tags.definition(tags.propertyName), color: 'var(--ui-primary)' },
  { tag: tags.string, color: 'var(--ui-success)' },
  { tag: [tags.lineComment, tags.meta], color: 'var(--ui-text-muted)', fontStyle: 'italic' },
  { tag: [tags.keyword, tags.labelName, tags.typeName], color: 'var(--ui-warning)' },
  { tag: [tags.separator, tags.punctuation, tags.bracket], color: 'var(--ui-text-muted)' },
]);

export const editorLook: Extension = [theme, syntaxHighlighting(highlight)];
