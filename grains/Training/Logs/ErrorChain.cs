namespace FlowGrain.Training;

/// <summary>An error in a line: what went wrong and what caused it, without the places in the program.</summary>
internal static class ErrorChain
{
    private const int Longest = 2000; // characters

    /// <summary>The text of an error.</summary>
    internal static string Of(Exception error)
    {
        var text = string.Join(" < ", Chain(error).Select(one => $"{one.GetType().Name}: {one.Message.ReplaceLineEndings(" ")}"));
        return text.Length <= Longest ? text : $"{text[..Longest]}…";
    }

    private static IEnumerable<Exception> Chain(Exception error)
    {
        for (var one = error; one is not null; one = one.InnerException) yield return one;
    }
}
