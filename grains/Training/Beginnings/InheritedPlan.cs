using System.Collections.Immutable;
using System.Globalization;
using FlowGrain.Data;
using FlowGrain.Flows;
using FlowGrain.Serving;

namespace FlowGrain.Training;

/// <summary>A plan that begins with a model's weights: what it says of the flow must be what the model is, and what it leaves open is.</summary>
/// <param name="plan">The plan as it was asked for.</param>
/// <param name="model">The model, NAME@VERSION.</param>
/// <param name="flow">Its flow.</param>
/// <param name="record">Its record.</param>
internal sealed class InheritedPlan(TrainingPlan plan, string model, FlowSpec flow, RunRecord record)
{
    private const string Layered = "dequantise"; // the detail of the optimizer that is a layer of the flow

    private readonly TrainingPlan _own = record.Plan;

    /// <summary>The plan as it is trained.</summary>
    /// <exception cref="BadInputException">It asks for another flow; the sentence names what differs.</exception>
    internal TrainingPlan Completed()
    {
        if (record.Imported is { } imported)
            throw new BadInputException($"--from {model}: that model was imported from {imported.Library}, and training goes on only from models that were trained here.");
        RequirePreset();
        var (sizes, own) = (SizesOf(_own), RunSettings.Of(_own));
        foreach (var (name, text) in plan.Settings.Where(given => sizes.Contains(given.Key))) RequireSize(name, text, name == Layered ? own.Optimizer[name] : own.Sizes[name]);
        return plan with
        {
            From = model,
            Model = _own.Model,
            Design = _own.Design,
            Settings = plan.Settings.RemoveRange(sizes).AddRange(_own.Settings.Where(setting => sizes.Contains(setting.Key))),
            Data = Completed(plan.Data, flow.TableOrNumbers().Columns.Select(column => column.Name), flow.TableOrNumbers().Context.Select(column => column.Name)),
        };
    }

    private void RequirePreset()
    {
        var name = _own.Design is null ? $"is of the preset {_own.Model}" : "is of a design of its own";
        if (plan.Design is { } design && design != _own.Design && DesignDifference.Of(_own.Design, design) is { } difference)
            throw new BadInputException($"--from {model}: that model {name}, and --spec gives another flow{difference}; leave --spec out to train the model's own.");
        if (plan is { Design: null, Model: not "" } && (plan.Model != _own.Model || _own.Design is not null))
            throw new BadInputException($"--from {model}: that model {name}, and --model says {plan.Model}; leave --model out to train the model's own.");
    }

    private void RequireSize(string name, string text, double own)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var given) && given == own) return;
        var value = double.IsNaN(own) ? $"{name} fitted to its data" : string.Create(CultureInfo.InvariantCulture, $"{name}={own:R}");
        throw new BadInputException($"--from {model}: that model has {value}, and --set says {name}={text}; leave it out to train the model's own.");
    }

    private DataSelection Completed(DataSelection data, IEnumerable<string> columns, IEnumerable<string> context) => data with
    {
        Columns = Named("--columns", "models", data.Columns, [.. columns]),
        Context = Named("--context", "conditions on", data.Context, [.. context]),
        Kinds = _own.Data.Kinds.SetItems(data.Kinds),
    };

    /// <summary>The columns in the model's order, which is that of its weights.</summary>
    private ImmutableArray<string> Named(string option, string does, ImmutableArray<string> given, ImmutableArray<string> own)
    {
        if (given.IsDefaultOrEmpty) return own;
        if (own.Except(given).FirstOrDefault() is { } absent) throw new BadInputException($"--from {model}: that model {does} '{absent}', which {option} leaves out; its columns must be the same.");
        if (given.Except(own).FirstOrDefault() is { } more) throw new BadInputException($"--from {model}: {option} names '{more}', which that model {(own.IsEmpty ? "does not condition on" : "does not have there")}; its columns must be the same.");
        return own;
    }

    private static ImmutableHashSet<string> SizesOf(TrainingPlan own) => [.. RunSettings.Of(own).Sizes.Keys, Layered];
}
