namespace FlowGrain;

/// <summary>What a client sent, as a sentence repeats it: enough to tell what it was, whatever its size.</summary>
public static class Excerpt
{
    private const int Characters = 64; // as many as a name may have
    private const int Sizes = 8;

    /// <summary>A text, or its first 64 characters and an ellipsis.</summary>
    public static string Of(string text) => text.Length <= Characters ? text
        : $"{text.AsSpan(0, char.IsHighSurrogate(text[Characters - 1]) ? Characters - 1 : Characters)}…"; // half of a pair is no text

    /// <summary>A shape such as <c>[3, 2]</c>, or its first eight sizes and an ellipsis.</summary>
    public static string Of(IReadOnlyCollection<long> shape) => $"[{string.Join(", ", shape.Take(Sizes))}{(shape.Count > Sizes ? ", …" : "")}]";
}
