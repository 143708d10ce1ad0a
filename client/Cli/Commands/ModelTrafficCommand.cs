using System.CommandLine;
using FlowGrain.Cli.Options;
using FlowGrain.Cli.Output;
using FlowGrain.Client;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain models traffic</c>.</summary>
internal static class ModelTrafficCommand
{
    internal static Command Create(Cli cli)
    {
        var model = ModelName.Argument(cli);
        var to = new Option<string>("--to") { Description = "The alias that gets them.", HelpName = "ALIAS", CustomParser = Value.ReadBy(ModelAlias.Require) };
        var share = Numbers.Optional("--share", "PERCENT", "How many of a hundred requests that name no version.", new Range<double>(percent => percent is >= 0.1 and <= 100, "0.1 to 100, in percent"));
        var shadow = new Option<bool>("--shadow") { Description = "The champion answers them all the same; the other version computes them beside it." };
        var off = new Option<bool>("--off") { Description = "The champion answers all again." };
        var command = new CliCommand(
            "traffic",
            "Try a version out on a part of the requests.",
            "models traffic mine --to challenger --share 5",
            "models traffic mine --to challenger --share 100 --shadow",
            "models traffic mine --off") { model, to, share, shadow, off };
        command.Rules.Add(parsed => parsed.Has(off) && (parsed.Has(to) || parsed.Has(share) || parsed.Has(shadow)) ? ["--off stands alone; leave the other options out."] : []);
        command.Rules.Add(parsed => parsed.Has(to) == parsed.Has(share) ? [] : ["--to and --share go together; give both, as in --to challenger --share 5."]);
        command.Rules.Add(parsed => parsed.Has(shadow) && !parsed.Has(to) && !parsed.Has(off) ? ["--shadow needs --to and --share, as in --to challenger --share 100 --shadow."] : []);
        command.SetAction((parsed, interrupted) => Run(
            cli.Open(parsed), parsed.GetRequiredValue(model), parsed.GetValue(to) is { } alias ? new TrafficRule(alias, (int)Math.Round((parsed.GetValue(share) ?? 0) * 10), parsed.GetValue(shadow)) : null, parsed.GetValue(off), interrupted));
        return command;
    }

    private static async Task<int> Run(Invocation cli, ModelReference model, TrafficRule? rule, bool off, CancellationToken interrupted)
    {
        if (model.Which is not null) throw new BadInputException($"'{model}' names a version; give the model alone here: {model.Name}.");
        await using var connection = await cli.Connect(interrupted);
        var registration = rule is null && !off ? await connection.Cluster.Registration(model.Name, interrupted) : await connection.Cluster.Route(model.Name, rule, interrupted);
        return cli.Answer(new { registration.Traffic }, () => cli.PrintWords(TrafficWords.Of(registration.Traffic) ?? $"The champion of {model.Name}, or its newest version where there is none, answers all requests."));
    }
}
