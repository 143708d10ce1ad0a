using FlowGrain.Cli;
using FlowGrain.Data;
using FlowGrain.Training;

namespace FlowGrain.Tests.Client.Commands;

public sealed class TrainCommandTests
{
    private static readonly string[] Contract =
    [
        "run", "model", "version", "rows", "dimension", "parameters", "steps", "epochs", "trainNll", "validationNll", "gaussianNll",
        "rowsPerSecond", "seconds", "weightsSha256", "deviceClass", "path", "droppedRows",
    ];

    [Fact]
    public async Task Json_is_one_line_with_the_fields_of_the_contract()
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Ok, await cli.Run("train", cli.Data, "--json"));
        Assert.Equal(Contract, cli.Json.EnumerateObject().Select(field => field.Name));
    }

    [Fact]
    public async Task Seconds_are_those_of_the_command_not_of_the_run()
    {
        using var cli = new TestCli();
        await cli.Run("train", cli.Data, "--json");
        Assert.InRange(cli.Json.GetProperty("seconds").GetDouble(), 0, 1);
    }

    [Theory, InlineData("train"), InlineData("runs show zipcodes")]
    public async Task The_summary_says_whose_time_it_is(string command)
    {
        using var cli = new TestCli(new() { Listing = [Examples.Listing with { Result = Examples.Result, IsPublished = true }] });
        await cli.Run([.. command.Split(' '), .. command == "train" ? [cli.Data] : Array.Empty<string>()]);
        Assert.Contains(command == "train" ? "180.0k rows/s while it trained; this command took 0:00\n" : "180.0k rows/s while it trained; the command that finished it took 1:39\n", cli.Out);
    }

    [Theory, InlineData("drop", 3), InlineData("refuse", 0)]
    public async Task Rows_that_were_dropped_are_counted(string missing, long dropped)
    {
        using var cli = new TestCli();
        await cli.Run("train", cli.Data, "--missing", missing, "--json");
        Assert.Equal(dropped, cli.Json.GetProperty("droppedRows").GetInt64());
        await cli.Run("train", cli.Data, "--missing", missing);
        Assert.Equal(dropped > 0, cli.Out.Contains("Dropped     3 rows with a missing or non-finite value\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Other_options_under_a_name_say_which_version_they_train_and_where_the_last_one_stands()
    {
        var listing = Examples.Listing with { Phase = RunPhase.Stopped, Step = 151, Steps = 500 };
        using var other = new TestCli(new() { Listing = [listing], Updates = [Examples.Training with { Version = 2, Step = 0 }, Examples.Finished with { Version = 2 }] });
        await other.Run("train", other.Data);
        Assert.Contains("These options are not those of zipcodes@1, so they train zipcodes@2; zipcodes@1 stands at step 151 of 500 and goes on with its own.\n", other.Error);
        using var same = new TestCli(new() { Listing = [listing] });
        await same.Run("train", same.Data);
        Assert.DoesNotContain("These options", same.Error);
    }

    [Fact]
    public async Task A_run_that_ends_before_its_last_step_says_why()
    {
        using var cli = new TestCli(new() { Updates = [Examples.Finished with { Step = 750 }], Outcome = Examples.Result with { Steps = 750, Epochs = 75 } });
        await cli.Run("train", cli.Data);
        Assert.Contains("Ended after 750 of 1,000 steps: 10 validations in a row brought nothing.\n", cli.Error);
        await cli.Run("train", cli.Data, "--epochs", "100", "--patience", "3");
        Assert.Contains("Ended after 750 of 1,000 steps: 3 validations in a row brought nothing.\n", cli.Error);
        await cli.Run("train", cli.Data, "--epochs", "100", "--patience", "1");
        Assert.Contains("Ended after 750 of 1,000 steps: 1 validation brought nothing.\n", cli.Error);
    }

    [Fact]
    public async Task A_figure_that_json_cannot_hold_is_null()
    {
        using var cli = new TestCli(new() { Outcome = Examples.Result with { ValidationNll = double.NaN, TrainNll = double.PositiveInfinity } });
        await cli.Run("train", cli.Data, "--json");
        Assert.Equal("null null", $"{cli.Json.GetProperty("validationNll").GetRawText()} {cli.Json.GetProperty("trainNll").GetRawText()}");
    }

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
    [InlineData("--validation 1.5", "--validation is 1.5; give a share from 0 to below 1, such as 0.1.")]
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
    [InlineData("--missing keep", "--missing is keep; give drop or refuse.")]
    [InlineData("--steps 5 --epochs 2", "--epochs and --steps each limit the run; give only one of them.")]
    [InlineData("--columns a,b --context b", "--columns and --context both name b; a column is either learned or conditioned on.")]
    [InlineData("--mode dilocco", "--mode is dilocco; give sync, local or diloco.")]
    [InlineData("--device cuda", "--device is cuda; this version trains on cpu only.")]
    [InlineData("--name ../a", "'../a' cannot name a run; take 1 to 64 letters, digits, '.', '_' or '-', beginning with a letter or digit.")]
    [InlineData("--name a\n", "'a\n' cannot name a run; take 1 to 64 letters, digits, '.', '_' or '-', beginning with a letter or digit.")]
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
    public async Task A_missing_file_is_named_with_its_nearest_sibling()
    {
        using var cli = new TestCli();
        var wrong = Path.Combine(cli.Folder, "yuor.csv");
        Assert.Equal(ExitCode.Usage, await cli.Run("train", wrong));
        Assert.Contains($"'yuor.csv' is not in '{cli.Folder}'; did you mean your.csv?", cli.Error);
    }

    [Fact]
    public async Task An_unknown_option_before_the_file_is_the_only_fault()
    {
        using var cli = new TestCli();
        await cli.Run("train", "--stepz", "3", cli.Data);
        Assert.Equal(["There is no option --stepz; did you mean --steps?", "See flowgrain train --help."], cli.Error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("--model nfs", "There is no preset 'nfs'; did you mean nsf?")]
    [InlineData("--set bin=16", "nsf has no setting 'bin'; did you mean bins?")]
    public async Task A_mistyped_preset_or_setting_is_answered_with_the_nearest_before_any_data_is_read(string option, string sentence)
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Usage, await cli.Run(["train", cli.Data, .. option.Split(' ')]));
        Assert.Equal(sentence, cli.Error.TrimEnd());
        Assert.Empty(cli.Cluster.Asked);
    }

    [Fact]
    public async Task The_summary_sets_the_flow_beside_the_Gaussian_and_ends_with_commands_to_try()
    {
        using var cli = new TestCli();
        await cli.Run("train", cli.Data);
        Assert.Contains("the flow gains 0.900 nats per row", cli.Out);
        Assert.Contains($"flowgrain plot --model zipcodes --home {cli.Home}", cli.Error);
    }

    [Fact]
    public async Task Without_validation_rows_the_summary_compares_nothing()
    {
        using var cli = new TestCli(new() { Outcome = Examples.Result with { ValidationNll = double.NaN, GaussianNll = double.NaN } });
        await cli.Run("train", cli.Data, "--validation", "0");
        Assert.Contains("NLL         6.800 nats per row (training); no rows were kept for validation\nPace", cli.Out);
    }

    [Fact]
    public async Task What_to_try_with_a_conditional_model_gives_its_context()
    {
        using var cli = new TestCli();
        await cli.Run("train", cli.Data, "--columns", "a", "--context", "b,c d");
        Assert.Contains("flowgrain plot --model zipcodes --given b=VALUE --given 'c d=VALUE' --home", cli.Error);
        Assert.Contains("--out samples.csv --given b=VALUE --given 'c d=VALUE' --home", cli.Error);
    }

    [Fact]
    public async Task One_epoch_is_no_plural()
    {
        using var cli = new TestCli(new() { Outcome = Examples.Result with { Epochs = 1.02, Steps = 1 } });
        await cli.Run("train", cli.Data);
        Assert.Contains("1 step (1 epoch)", cli.Out);
    }

    [Fact]
    public async Task Figures_that_are_not_there_yet_are_dashes()
    {
        using var cli = new TestCli(new() { Updates = [Examples.Training with { Step = 0, RowsPerSecond = 0, TrainNats = double.NaN, ValidationNats = double.NaN, BestValidationNats = double.NaN }, Examples.Finished] });
        await cli.Run("train", cli.Data);
        Assert.Contains("zipcodes: 0/1,000 steps 0%  –  train –  validation – (best –)  0:08 elapsed\n", cli.Error);
    }

    [Fact]
    public async Task A_folder_is_answered_with_a_data_file_in_it()
    {
        using var cli = new TestCli();
        cli.Write("README.md", "words");
        await cli.Run("train", cli.Folder);
        Assert.Contains($"'{cli.Folder}' is a folder, and folders cannot be read as one data set yet; name one of its files, such as '{cli.Data}'.", cli.Error);
    }

    [Fact]
    public async Task A_missing_file_that_resembles_none_gets_no_guess()
    {
        using var cli = new TestCli();
        await cli.Run("train", Path.Combine(cli.Folder, "no.csv"));
        Assert.Contains($"'no.csv' is not in '{cli.Folder}'; check the path.", cli.Error);
    }

    [Fact]
    public async Task Quiet_says_nothing_on_stderr()
    {
        using var cli = new TestCli(new() { Updates = [Examples.Training, Examples.Finished] });
        await cli.Run("train", cli.Data, "--quiet");
        Assert.Empty(cli.Error);
    }

    [Fact]
    public async Task Without_a_terminal_progress_comes_as_plain_lines()
    {
        using var cli = new TestCli(new() { Updates = [Examples.Training, Examples.Finished] });
        await cli.Run("train", cli.Data);
        Assert.Contains("zipcodes: 400/1,000 steps 40%  182.3k rows/s  train 6.910  validation 6.950 (best 6.940)  0:08 elapsed\n", cli.Error);
        Assert.DoesNotContain('\e', cli.Error);
    }

    [Fact]
    public async Task A_terminal_shows_the_bar_in_place()
    {
        using var cli = new TestCli(
            new() { Updates = [Examples.Training, Examples.Finished] },
            new(OutIsTerminal: true, ErrorIsTerminal: true, Width: 100, Height: 40, FlowGrain.Cli.Output.ColorDepth.True));
        await cli.Run("train", cli.Data);
        Assert.Contains("━", cli.Error);
        Assert.Contains("400/1,000 steps 40%", cli.Error);
        Assert.Contains('\e', cli.Error);
    }

    [Theory, InlineData("Ctrl+C"), InlineData("SIGTERM")]
    public async Task A_signal_stops_the_run_keeps_the_checkpoint_and_exits_130(string signal)
    {
        using var cli = new TestCli(new() { Updates = [Examples.Training], Stopped = new(TaskCreationOptions.RunContinuationsAsynchronously) });
        await cli.Interrupt(signal);
        Assert.Equal(ExitCode.Interrupted, await cli.Run("train", cli.Data));
        Assert.Contains("stop your", cli.Cluster.Asked);
        Assert.Contains($"Stopping after the running round; {signal} again ends at once.", cli.Error);
        Assert.Contains($"Stopped by {signal} after step 400 of 1,000. The checkpoint is kept: the same command resumes it.", cli.Error);
    }

    [Fact]
    public async Task A_second_signal_ends_at_once_and_says_where_the_same_command_goes_on()
    {
        using var cli = new TestCli(new() { Listing = [Examples.Listing with { Run = "your", Step = 1350 }] });
        await cli.Run("train", cli.Data);
        await cli.Interrupt();
        await cli.Interrupt();
        Assert.Equal(["Ended at once: the same command goes on from step 1,350."], cli.Ended);
    }

    [Fact]
    public async Task A_run_that_failed_exits_1_with_its_sentence()
    {
        var failed = Examples.Training with { Phase = RunPhase.Failed, Failure = "The loss is no longer finite at step 401; lower --lr." };
        using var cli = new TestCli(new() { Updates = [failed] });
        Assert.Equal(ExitCode.Failed, await cli.Run("train", cli.Data, "--quiet"));
        Assert.Equal("The loss is no longer finite at step 401; lower --lr.", cli.Error.TrimEnd());
    }
}
