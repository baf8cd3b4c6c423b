import { type Document, isCollection, isPair } from 'yaml';

/**
 * Goes through a document, each map before what is in it. The package's own visitor copies the way to each node, which
 * takes as long as parsing.
 * @param found gets a node or pair, and what it is in, from the document on: one list, which changes.
 */
export function eachNode(document: Document, found: (node: unknown, ancestors: readonly unknown[]) => void): void {
  const ancestors: unknown[] = [document];
  const enter = (node: unknown) => {
    found(node, ancestors);
    ancestors.push(node);
    const inner = isPair(node) ? [node.key, node.value] : isCollection(node) ? node.items : [];
    for (const each of inner) enter(each);
    ancestors.pop();
  };
  enter(document.contents);
}
