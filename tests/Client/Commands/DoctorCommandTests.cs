using FlowGrain.Cli;
using FlowGrain.Cli.Doctor;

namespace FlowGrain.Tests.Client.Commands;

public sealed class DoctorCommandTests
{
    private static readonly Check Good = new("disk", CheckStatus.Ok, "80 GB free");
    private static readonly Check Poor = new("CPU", CheckStatus.Warn, "no AVX2", "use another processor");
    private static readonly Check Bad = new("home", CheckStatus.Fail, "not writable", "choose another folder");

    [Fact]
    public async Task A_warning_is_no_failure()
    {
        using var cli = new TestCli { Checks = [_ => Task.FromResult(Good), _ => Task.FromResult(Poor)] };
        Assert.Equal(ExitCode.Ok, await cli.Run("doctor"));
        Assert.Equal(["ok    disk      80 GB free", "warn  CPU       no AVX2", "                fix: use another processor"], cli.Out.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_failure_exits_1_and_says_how_to_fix_it()
    {
        using var cli = new TestCli { Checks = [_ => Task.FromResult(Bad), _ => Task.FromResult(Good)] };
        Assert.Equal(ExitCode.Failed, await cli.Run("doctor", "--json"));
        var first = cli.Json.GetProperty("checks")[0];
        Assert.Equal(("home", "fail", "choose another folder"), (first.GetProperty("name").GetString(), first.GetProperty("status").GetString(), first.GetProperty("fix").GetString()));
    }

    [Fact]
    public async Task A_check_that_throws_fails_alone()
    {
        using var cli = new TestCli { Checks = [_ => throw new InvalidOperationException("broken"), _ => Task.FromResult(Good)] };
        Assert.Equal(ExitCode.Failed, await cli.Run("doctor"));
        Assert.Contains("broken", cli.Out);
        Assert.Contains("ok    disk", cli.Out);
    }

    [Fact]
    public async Task A_check_that_hangs_is_given_ten_seconds()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var begun = new TaskCompletionSource();
        var examined = new Examination(clock).Run(async cancellation =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            return Good;
        }, TestContext.Current.CancellationToken);
        await begun.Task;
        while (!examined.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1)); // the limit may be set only after the check has begun
            await Task.Yield();
        }
        Assert.Equal("no answer within 10 s", (await examined).Message);
    }

    [Theory, InlineData("home", "Ok", "does not exist yet, and can be made"), InlineData("a/b/home", "Ok", "can be made"), InlineData("your.csv", "Fail", "is a file"), InlineData(".", "Ok", "is writable")]
    public async Task A_look_at_the_home_makes_none(string home, string status, string words)
    {
        using var cli = new TestCli();
        var path = Path.GetFullPath(Path.Combine(cli.Folder, home));
        var check = await new HomeCheck(path).Run(TestContext.Current.CancellationToken);
        Assert.Equal(status, $"{check.Status}");
        Assert.Contains(words, check.Message);
        Assert.Equal([cli.Data], Directory.GetFileSystemEntries(cli.Folder));
    }

    [Fact]
    public async Task The_real_checks_pass_on_the_machine_that_builds_this()
    {
        using var cli = new TestCli();
        cli.Checks = DoctorChecks.All(cli.Home);
        Assert.Equal(ExitCode.Ok, await cli.Run("doctor"));
        Assert.DoesNotContain("FAIL", cli.Out);
    }
}
