using System.CommandLine;
using FlowGrain.Cli.Completion;
using FlowGrain.Flows.Interchange;

namespace FlowGrain.Cli.Options;

/// <summary>The option that names a Python library whose state dicts are read and written.</summary>
internal static class PythonLibrary
{
    private static readonly string Names = string.Join(" or ", FlowImport.Libraries);

    internal static Option<string?> Option(string name, string description) => new Option<string?>(name)
    {
        Description = description,
        HelpName = string.Join('|', FlowImport.Libraries),
        CustomParser = Value.ReadBy(text => FlowImport.Libraries.Contains(text) ? text : throw new BadInputException($"{name} is '{Excerpt.Of(text)}'; give {Names}.")),
    }.Offering(FlowImport.Libraries);
}
