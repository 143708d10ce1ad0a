using System.Text.Encodings.Web;
using System.Text.Json;
using FlowGrain.Cli;
using FlowGrain.Serving;
using FlowGrain.Training;

namespace FlowGrain.Tests.Client;

public sealed class FaultTests
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<Exception, int, string> Cases => new()
    {
        { new BadInputException("your.csv: row 3 is ragged."), ExitCode.Usage, "your.csv: row 3 is ragged." },
        { new RunConflictException("Run 'your' is busy."), ExitCode.Usage, "Run 'your' is busy." },
        { new AggregateException(new AggregateException(new BadInputException("wrapped twice"))), ExitCode.Usage, "wrapped twice" },
        { new IOException("No space left on device : '/data/x'"), ExitCode.Usage, "No space left on device : '/data/x'" },
        { new InvalidOperationException("first line\n   second"), ExitCode.Failed, "first line (add --verbose for the stack trace)" },
        { new UnavailableException("Model 'your' is unloaded."), ExitCode.Usage, "Model 'your' is unloaded." },
        { new OperationCanceledException(), ExitCode.Failed, "Interrupted." },
    };

    [Theory, MemberData(nameof(Cases))]
    public async Task An_exception_becomes_one_sentence_and_its_exit_code(Exception fault, int code, string sentence)
    {
        using var cli = new TestCli(new() { Fault = fault });
        Assert.Equal(code, await cli.Run("train", cli.Data));
        Assert.Equal(sentence, cli.Error.TrimEnd());
        Assert.Empty(cli.Out);
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task With_json_the_sentence_and_the_exit_code_are_an_object_on_stdout_too(Exception fault, int code, string sentence)
    {
        using var cli = new TestCli(new() { Fault = fault });
        Assert.Equal(code, await cli.Run("train", cli.Data, "--json"));
        Assert.Equal(sentence, cli.Error.TrimEnd());
        Assert.Equal($$"""{"error":{{JsonSerializer.Serialize(sentence, Readable)}},"exitCode":{{code}}}""", cli.Out.TrimEnd());
    }

    [Theory]
    [InlineData("train")]
    [InlineData("trian", "your.csv")]
    [InlineData("score", "your.csv", "--stepz", "3")]
    [InlineData("sample", "--model", "m", "-n", "0")]
    [InlineData("runs", "show")]
    [InlineData("data", "inspect", "nowhere.csv")]
    public async Task A_command_that_is_written_wrongly_answers_json_with_an_object_too(params string[] words)
    {
        using var cli = new TestCli();
        Assert.Equal(ExitCode.Usage, await cli.Run([.. words, "--json"]));
        Assert.Equal(ExitCode.Usage, cli.Json.GetProperty("exitCode").GetInt32());
        Assert.StartsWith(cli.Json.GetProperty("error").GetString()!, cli.Error);
    }

    [Fact]
    public async Task Verbose_adds_the_stack_trace()
    {
        using var cli = new TestCli(new() { Fault = new InvalidOperationException("odd") });
        await cli.Run("train", cli.Data, "--verbose");
        Assert.Contains("   at FlowGrain", cli.Error);
    }

    [Fact]
    public async Task The_first_Ctrl_C_asks_and_the_second_ends_with_last_words()
    {
        List<string> ended = [];
        using var interrupts = new Interrupts(ended.Add) { LastWords = () => Task.FromResult("goodbye") };
        await interrupts.Take("Ctrl+C");
        Assert.Equal((true, 0), (interrupts.Requested.IsCancellationRequested, ended.Count));
        await interrupts.Take("Ctrl+C");
        Assert.Equal(["goodbye"], ended);
    }

    [Fact]
    public async Task Last_words_that_cannot_be_found_do_not_hold_up_the_end()
    {
        List<string> ended = [];
        using var interrupts = new Interrupts(ended.Add) { LastWords = () => new TaskCompletionSource<string>().Task };
        await interrupts.Take("SIGTERM");
        await interrupts.Take("SIGTERM");
        Assert.StartsWith("Ended at once;", Assert.Single(ended));
    }
}
