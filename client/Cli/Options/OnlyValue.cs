using System.CommandLine;
using FlowGrain.Cli.Completion;

namespace FlowGrain.Cli.Options;

/// <summary>Options of which this version takes one value; scripts may write it, for versions that take more.</summary>
internal static class OnlyValue
{
    /// <summary>An option with its only value, which is its default too.</summary>
    /// <param name="name">The option.</param>
    /// <param name="only">Its value.</param>
    /// <param name="description">What it is.</param>
    /// <param name="sentence">What to say of every other value.</param>
    internal static Option<string> Option(string name, string only, string description, string sentence) => new Option<string>(name)
    {
        Description = description,
        HelpName = only,
        DefaultValueFactory = _ => only,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (text != only) result.AddError($"{name} is {text}; {sentence}");
            return only;
        },
    }.Offering(only);
}
