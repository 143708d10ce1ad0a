using FlowGrain.Cli;
using FlowGrain.Data;
using FlowGrain.Training;

namespace FlowGrain.Tests.Client.Commands;

/// <summary>What <c>train</c> makes of its options.</summary>
public sealed class TrainOptionTests
{
    [Fact]
    public async Task Every_option_reaches_the_plan()
    {
        using var cli = new TestCli();
        await cli.Run(
            "train", cli.Data, "--model", "realnvp", "--columns", "a,b", "--context", "c", "--steps", "3000", "--batch", "64", "--shards", "4", "--lr", "2e-3",
            "--seed", "-7", "--validation", "0.2", "--patience", "5", "--set", "bins=16", "--set", "hidden=64", "--missing", "drop", "--mode", "diloco", "--inner-steps", "20",
            "--ranges", "3", "--device", "cpu");
        var plan = cli.Cluster.Plan!;
        Assert.Equal(["a", "b"], plan.Data.Columns);
        Assert.Equal(["c"], plan.Data.Context);
        Assert.Equal((cli.Data, MissingRows.Drop), (plan.Data.Path, plan.Data.Missing));
        Assert.Equal(("realnvp", 3000L, 64, 4), (plan.Model, plan.Steps, plan.BatchRows, plan.Shards));
        Assert.Equal((2e-3, -7L, 0.2, 5), (plan.LearningRate, plan.Seed, plan.ValidationFraction, plan.Patience));
        Assert.Equal((SyncMode.Diloco, 20, 3), (plan.Mode, plan.InnerSteps, plan.Ranges));
        Assert.Equal("16 64", $"{plan.Settings["bins"]} {plan.Settings["hidden"]}");
    }

    [Fact]
    public async Task Rows_are_held_out_by_a_file_or_by_the_values_of_a_column()
    {
        using var cli = new TestCli();
        var held = cli.Write("held.csv", "a,b\n1,2\n");
        await cli.Run("train", cli.Data, "--validation", held);
        Assert.Equal((held, 0, null), (cli.Cluster.Plan!.Data.Validation, cli.Cluster.Plan.ValidationFraction, cli.Cluster.Plan.Data.GroupBy));
        await cli.Run("train", cli.Data, "--group-by", "patient");
        Assert.Equal((null, 0.1, "patient"), (cli.Cluster.Plan!.Data.Validation, cli.Cluster.Plan.ValidationFraction, cli.Cluster.Plan.Data.GroupBy));
    }

    [Fact]
    public async Task Rows_are_weighed_by_a_column_and_training_begins_with_a_model_whose_preset_it_leaves_open()
    {
        using var cli = new TestCli();
        await cli.Run("train", cli.Data, "--weights", "w");
        Assert.Equal(("w", null, "nsf"), (cli.Cluster.Plan!.Data.Weights, cli.Cluster.Plan.From, cli.Cluster.Plan.Model));
        await cli.Run("train", cli.Data, "--from", "zipcodes@champion", "--set", "transforms=3");
        Assert.Equal(("zipcodes@champion", "", "3"), (cli.Cluster.Plan.From, cli.Cluster.Plan.Model, cli.Cluster.Plan.Settings["transforms"]));
        await cli.Run("train", cli.Data, "--from", "zipcodes@2", "--model", "nsf");
        Assert.Equal(("zipcodes@2", "nsf"), (cli.Cluster.Plan.From, cli.Cluster.Plan.Model));
    }

    [Fact]
    public async Task A_validation_file_that_is_not_there_is_named()
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Usage, await cli.Run("train", cli.Data, "--validation", Path.Combine(cli.Folder, "yuor.csv")));
        Assert.Contains($"'yuor.csv' is not in '{cli.Folder}'; did you mean your.csv?", cli.Error);
        Assert.Empty(cli.Cluster.Asked);
    }

    [Fact]
    public async Task Without_options_the_plan_has_its_documented_defaults()
    {
        using var cli = new TestCli();
        await cli.Run("train", cli.Data);
        var plan = cli.Cluster.Plan!;
        Assert.Equal(("nsf", 512, 8, 0L, 0.1), (plan.Model, plan.BatchRows, plan.Shards, plan.Seed, plan.ValidationFraction));
        Assert.Equal((SyncMode.Sync, (int?)null, 1), (plan.Mode, plan.InnerSteps, plan.Ranges));
        Assert.Null(plan.Steps ?? plan.Epochs ?? plan.Minutes ?? plan.LearningRate ?? plan.Patience);
    }

    [Theory]
    [InlineData("your.csv", "your")]
    [InlineData("My table (2).csv.gz", "My-table-2")]
    [InlineData("...csv", "csv")]
    public async Task The_name_comes_from_the_file_made_safe(string file, string name)
    {
        using var cli = new TestCli();
        await cli.Run("train", cli.Write(file, "a\n1\n"));
        Assert.Contains($"start {name}", cli.Cluster.Asked);
    }

    [Theory]
    [InlineData("--steps -3", "--steps is -3; give a whole number of at least 1.")]
    [InlineData("--steps many", "--steps is many; give a whole number of at least 1.")]
    [InlineData("--epochs 0", "--epochs is 0; give a whole number of at least 1.")]
    [InlineData("--minutes 0", "--minutes is 0; give a number above 0.")]
    [InlineData("--lr nan", "--lr is nan; give a number above 0 and at most 10.")]
    [InlineData("--validation 1.5", "--validation is 1.5; give a share from 0 to below 1, such as 0.1, or a file.")]
    [InlineData("--shards 0", "--shards is 0; give a whole number from 1 to 65536.")]
    [InlineData("--patience -1", "--patience is -1; give a whole number of at least 1.")]
    [InlineData("--columns a,,b", "--columns has an empty name; give names separated by commas, such as --columns a,b.")]
    [InlineData("--columns a,b,a", "--columns has a twice; name every column once.")]
    [InlineData("--set bins", "--set bins assigns nothing; write --set key=value.")]
    [InlineData("--set bins=8 --set bins=9", "--set gives bins twice; give it once.")]
    [InlineData("--steps 2 --steps 3", "--steps is given twice; give it once.")]
    [InlineData("--steps 2 --steps", "--steps needs a value: --steps N.")]
    [InlineData("--steps", "--steps needs a value: --steps N.")]
    [InlineData("--set bins=8 --set", "--set needs a value: --set key=value.")]
    [InlineData("--columns a,b --columns", "--columns needs a value: --columns a,b.")]
    [InlineData("--missing keep", "--missing is keep; give drop, mask or refuse.")]
    [InlineData("--steps 5 --epochs 2", "--epochs and --steps each limit the run; give only one of them.")]
    [InlineData("--columns a,b --context b", "--columns and --context both name b; a column is either learned or conditioned on.")]
    [InlineData("--mode dilocco", "--mode is dilocco; give sync, local or diloco.")]
    [InlineData("--device cuda", "--device is cuda; this version trains on cpu only.")]
    [InlineData("--name ../a", "'../a' cannot name a run or a model; take 1 to 64 letters, digits, '.', '_' or '-', beginning with a letter or digit, and not ending in .sample or .detect.")]
    [InlineData("--name aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "A name of 69 characters, 'aaaaaaaaaaaaaaaa…', is too long for a run or a model; take at most 64.")]
    [InlineData("--name a\n", "'a\n' cannot name a run or a model; take 1 to 64 letters, digits, '.', '_' or '-', beginning with a letter or digit, and not ending in .sample or .detect.")]
    [InlineData("--from a/b", "'a/b' does not name a model; give NAME, NAME@VERSION or NAME@ALIAS, such as zipcodes@1 or zipcodes@champion.")]
    [InlineData("--stepz 3", "There is no option --stepz; did you mean --steps?")]
    public async Task A_fault_is_one_sentence_and_exit_code_2(string options, string sentence)
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Usage, await cli.Run(["train", cli.Data, .. options.Split(' ')]));
        Assert.Equal($"{sentence}\nSee flowgrain train --help.\n", cli.Error);
        Assert.Empty(cli.Out);
        Assert.Empty(cli.Cluster.Asked);
    }

    [Fact]
    public async Task All_faults_are_told_at_once()
    {
        using var cli = new TestCli();
        await cli.Run("train", cli.Data, "--steps", "-3", "--epochs", "x", "--stepz", "--shards", "0");
        Assert.All(["--steps is -3", "--epochs is x", "--stepz", "--shards is 0", "each limit the run"], fault => Assert.Contains(fault, cli.Error));
    }

    [Fact]
    public async Task An_unknown_option_before_the_file_is_the_only_fault()
    {
        using var cli = new TestCli();
        await cli.Run("train", "--stepz", "3", cli.Data);
        Assert.Equal(["There is no option --stepz; did you mean --steps?", "See flowgrain train --help."], cli.Error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("--model nfs", "There is no preset 'nfs'; did you mean nsf, or another of realnvp?")]
    [InlineData("--set bin=16", "nsf has no setting 'bin'; did you mean bins?")]
    public async Task A_mistyped_preset_or_setting_is_answered_with_the_nearest_before_any_data_is_read(string option, string sentence)
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Usage, await cli.Run(["train", cli.Data, .. option.Split(' ')]));
        Assert.Equal(sentence, cli.Error.TrimEnd());
        Assert.Empty(cli.Cluster.Asked);
    }
}
