using System.Collections.Immutable;
using System.CommandLine;
using FlowGrain.Cli.Completion;
using FlowGrain.Cli.Options;
using FlowGrain.Client;
using FlowGrain.Flows.Presets;
using FlowGrain.Training;

namespace FlowGrain.Cli.Commands;

/// <summary>The options of <c>train</c> and the plan they make.</summary>
internal sealed class TrainOptions(Cli cli)
{
    private readonly Argument<string> _data = DataFile.Argument(cli);

    private readonly Option<string> _model = new Option<string>("--model")
    {
        Description = "The preset; 'flowgrain models presets' lists them. With --from that of the model.",
        HelpName = "PRESET",
        DefaultValueFactory = _ => TrainingPlan.DefaultModel,
    }.Offering(_ => Preset.All.Select(preset => preset.Name));

    private readonly Option<DesignFile?> _spec = DesignFile.Option();

    private readonly Option<ModelReference?> _from = new Option<ModelReference?>("--from")
    {
        Description = "Begin with the weights of a published model, its columns and its standardisation. [default: fresh weights]",
        HelpName = "NAME[@VERSION|@ALIAS]",
        CustomParser = Value.ReadBy(ModelReference.Parse),
    }.Offering(Suggestions.Models(cli));

    private readonly Option<string?> _name = NamedRun.Option(cli);
    private readonly Option<int?> _epochs = Numbers.Optional("--epochs", "N", $"Stop after N passes over the training rows. [default: 100, with patience {TrainingPlan.DefaultPatience}]", Ranges.AtLeast(1));
    private readonly Option<long?> _steps = Numbers.Optional("--steps", "N", "Stop after N optimizer steps.", Ranges.AtLeast(1L));
    private readonly Option<double?> _minutes = Numbers.Optional("--minutes", "M", "Times 20 rounds, then fixes the number of steps to what fits into M minutes.", Ranges.Positive);
    private readonly Option<int> _batch = Numbers.WithDefault("--batch", "N", "Rows of a shard in a step.", Ranges.Between(1, PlanLimits.BatchRows), 512);
    private readonly Option<int> _shards = Numbers.WithDefault("--shards", "S", "Shards of a step, whoever computes them.", Ranges.Between(1, PlanLimits.Shards), 8);
    private readonly Option<double?> _lr = Numbers.Optional("--lr", "X", "Peak learning rate. [default: the preset's]", Ranges.LearningRate);
    private readonly Option<long> _seed = Numbers.WithDefault("--seed", "N", "Seed of the weights, the split and the row order.", Ranges.Any, 0L);
    private readonly Option<HeldOut> _validation = HeldOut.Option(cli);
    private readonly Option<string?> _groupBy = new("--group-by") { Description = "Column whose equal values fall on one side of the split; it is not learned unless --columns names it. [default: equal rows do]", HelpName = "COLUMN" };
    private readonly Option<string?> _weights = new("--weights") { Description = "Column that says how often each row counts, in training and in every figure; it is not learned. [default: each counts once]", HelpName = "COLUMN" };
    private readonly Option<int?> _patience = Numbers.Optional("--patience", "N", $"Stop after N validations without improvement. [default: never; {TrainingPlan.DefaultPatience} without a limit]", Ranges.AtLeast(1));
    private readonly Option<ImmutableSortedDictionary<string, string>> _set = Assignments.Option("--set", "key=value", "A size of the preset, such as transforms=8; repeatable.");
    private readonly SelectedData _selected = new("Rows with a missing or non-finite value: leave them out, learn from the values that they have (maf, nsf-ar and naf), or refuse the file.");

    private readonly Option<SyncMode> _mode = Mode.Option();
    private readonly Option<int?> _innerSteps = Numbers.Optional("--inner-steps", "H", "Steps of a worker's own between two meetings, with --mode local or diloco. [default: 50]", Ranges.Between(1, PlanLimits.InnerSteps));
    private readonly Option<int> _ranges = Numbers.WithDefault("--ranges", "A", "Ranges that the parameters are cut into, each with an aggregator; changes the speed, never the result.", Ranges.Between(1, PlanLimits.Ranges), 1);
    private readonly Option<int> _priority = Numbers.WithDefault("--priority", "P", "Runs of a higher priority get the slots they can use first; changes the speed, never the result.", Ranges.Between(-PlanLimits.Priority, PlanLimits.Priority), 0);
    private readonly Option<string> _device = OnlyValue.Option("--device", "cpu", "What the workers compute on.", "this version trains on cpu only.");

    private readonly Option<string?> _trace = OutputFile.Option("Write the rounds that are traced meanwhile, one a second, for ui.perfetto.dev or chrome://tracing.", [".json"], name: "--trace");

    private IEnumerable<Option> Limits => [_epochs, _steps, _minutes];

    internal void AddTo(CliCommand command)
    {
        command.Arguments.Add(_data);
        foreach (var option in (Option[])[_model, _spec, _from, _name, .. _selected.Choosing, _epochs, _steps, _minutes, _batch, _shards, _lr, _seed, _validation, _groupBy, _weights, _patience, _set, _selected.Missing, _mode, _innerSteps, _ranges, _priority, _device, _trace])
            command.Options.Add(option);
        command.Rules.Add(OneLimit);
        command.Rules.Add(EitherPresetOrDesign);
        command.Rules.Add(_selected.EitherColumnOrContext);
    }

    internal string Run(ParseResult parsed) => parsed.GetValue(_name) ?? RunName.FromFile(parsed.GetRequiredValue(_data));

    internal string? Trace(ParseResult parsed) => parsed.GetValue(_trace);

    internal TrainingPlan Plan(ParseResult parsed) => new()
    {
        Data = _selected.Of(parsed, parsed.GetRequiredValue(_data)) with { GroupBy = parsed.GetValue(_groupBy), Weights = parsed.GetValue(_weights), Validation = parsed.GetRequiredValue(_validation).File },
        Model = parsed.Has(_from) && !parsed.Has(_model) ? "" : parsed.GetRequiredValue(_model),
        From = parsed.GetValue(_from)?.ToString(),
        Design = parsed.GetValue(_spec)?.Json,
        Settings = parsed.GetRequiredValue(_set),
        Steps = parsed.GetValue(_steps),
        Epochs = parsed.GetValue(_epochs),
        Minutes = parsed.GetValue(_minutes),
        BatchRows = parsed.GetValue(_batch),
        Shards = parsed.GetValue(_shards),
        LearningRate = parsed.GetValue(_lr),
        Seed = parsed.GetValue(_seed),
        ValidationFraction = parsed.GetRequiredValue(_validation).Share,
        Patience = parsed.GetValue(_patience),
        Mode = parsed.GetValue(_mode),
        InnerSteps = parsed.GetValue(_innerSteps),
        Ranges = parsed.GetValue(_ranges),
        Priority = parsed.GetValue(_priority),
    };

    private IEnumerable<string> EitherPresetOrDesign(ParseResult parsed) =>
        parsed.Has(_spec) && parsed.Has(_model) ? ["--spec is a flow in the place of a preset; leave --model out."] : [];

    private IEnumerable<string> OneLimit(ParseResult parsed)
    {
        var given = Limits.Where(parsed.Has).Select(limit => limit.Name).ToArray();
        return given.Length > 1 ? [$"{string.Join(" and ", given)} each limit the run; give only one of them."] : [];
    }
}
