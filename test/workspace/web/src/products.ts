export interface Product {
  readonly number: number;
  readonly name: string;
  /** In cents. */
  readonly price: number;
}
