// Builds elements. No markup is ever parsed, so nothing that a server says can become any.

/** An element: `h('a', { href: '#/runs', class: 'quiet', onclick }, 'runs')`. */
export function h(tag, properties, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** The same in SVG. */
export function svg(tag, properties, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), properties, children);
}

/** Shows other children, and touches nothing where they are the same text. */
export function show(element, ...children) {
  const [only] = children;
  if (children.length === 1 && typeof only !== 'object') {
    if (element.textContent !== String(only)) element.textContent = only;
  } else element.replaceChildren(...children.flat(Infinity).filter(isShown));
  return element;
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) set(element, name, value);
  element.append(...children.flat(Infinity).filter(isShown));
  return element;
}

function set(element, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name === 'style') for (const [property, to] of Object.entries(value)) element.style.setProperty(property, to); // not the attribute, which the policy forbids
  else if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
  else if (name === 'value') element.value = value;
  else element.setAttribute(name, value === true ? '' : value);
}

const isShown = child => child !== undefined && child !== null && child !== false;
