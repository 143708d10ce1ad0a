using System.CommandLine.Parsing;

namespace FlowGrain.Cli.Options;

/// <summary>Values that a rule of the whole system judges.</summary>
internal static class Value
{
    /// <summary>Reads one word by the rule; what it refuses becomes a fault of the command line, in the rule's own sentence.</summary>
    internal static Func<ArgumentResult, T?> ReadBy<T>(Func<string, T> rule)
        where T : class => result =>
        {
            try
            {
                return rule(result.Tokens[0].Value);
            }
            catch (BadInputException refused)
            {
                result.AddError(refused.Message);
                return null;
            }
        };
}
