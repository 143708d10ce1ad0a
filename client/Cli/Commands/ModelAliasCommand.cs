using System.CommandLine;
using FlowGrain.Cli.Options;
using FlowGrain.Cli.Output;
using FlowGrain.Client;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain models alias</c>.</summary>
internal static class ModelAliasCommand
{
    private const int ShownChanges = 10; // --json has a thousand

    internal static Command Create(Cli cli)
    {
        var model = ModelName.Argument(cli);
        var alias = new Argument<string?>("ALIAS") { Description = "The alias; champion is the version that answers where none is named.", Arity = ArgumentArity.ZeroOrOne, CustomParser = Value.ReadBy(ModelAlias.Require) };
        var rollback = new Option<bool>("--rollback") { Description = "Have it name what it named before." };
        var remove = new Option<bool>("--remove") { Description = "Remove it." };
        var command = new CliCommand(
            "alias",
            "Give a version a name, take the name back, or list the names and their history.",
            "models alias mine@2 champion",
            "models alias mine champion --rollback",
            "models alias mine") { model, alias, rollback, remove };
        command.Rules.Add(parsed => parsed.Has(rollback) && parsed.Has(remove) ? ["--rollback and --remove do not go together; choose one."] : []);
        command.Rules.Add(parsed => parsed.GetResult(alias) is { Tokens.Count: > 0 } ? [] : new[] { rollback, remove }.Where(parsed.Has).Select(option => $"{option.Name} needs the alias; name it behind the model."));
        command.SetAction((parsed, interrupted) => Run(cli.Open(parsed), parsed.GetRequiredValue(model), parsed.GetValue(alias), parsed.GetValue(rollback), parsed.GetValue(remove), interrupted));
        return command;
    }

    private static async Task<int> Run(Invocation cli, ModelReference model, string? alias, bool rollback, bool remove, CancellationToken interrupted)
    {
        if ((rollback || remove || alias is null) && model.Which is not null) throw new BadInputException($"'{model}' names a version; give the model alone here: {model.Name}.");
        await using var connection = await cli.Connect(interrupted);
        var cluster = connection.Cluster;
        var registration = (alias, rollback, remove) switch
        {
            (null, _, _) => await cluster.Registration(model.Name, interrupted),
            (_, true, _) => await cluster.RollBackAlias(model.Name, alias, interrupted),
            (_, _, true) => await cluster.RemoveAlias(model.Name, alias, interrupted),
            _ => await cluster.PointAlias(model, alias, interrupted),
        };
        return cli.Answer(registration, () => Print(cli, model.Name, alias, registration));
    }

    private static void Print(Invocation cli, string model, string? alias, ModelRegistration registration)
    {
        if (alias is not null) cli.PrintWords(registration.Aliases.TryGetValue(alias, out var version) ? $"{alias} of {model} is version {version}." : $"{model} has no alias {alias}.");
        else if (registration.Aliases.IsEmpty) cli.PrintWords($"No version of {model} has an alias, so its newest answers; give one with {cli.Suggest($"models alias {model}@VERSION champion")}");
        else PrintAll(cli, model, registration);
    }

    private static void PrintAll(Invocation cli, string model, ModelRegistration registration)
    {
        foreach (var (alias, version) in registration.Aliases) cli.Print($"{alias,-12} {model}@{version}");
        if (TrafficWords.Of(registration.Traffic) is { } traffic) cli.PrintWords(traffic);
        if (registration.IsUnloaded) cli.PrintWords("It is unloaded, and answers no requests.");
        var table = new TextTable(TextColumn.Text("when (UTC)"), TextColumn.Text("what"), new("by"));
        foreach (var change in registration.History.Reverse().Take(ShownChanges)) table.Add($"{change.Time:yyyy-MM-dd HH:mm:ss}", TrafficWords.Of(change), change.By ?? "");
        cli.Print("");
        cli.Print(table);
    }
}
