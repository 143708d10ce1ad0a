using System.Text.Json;
using System.Threading.Channels;
using FlowGrain.Api;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FlowGrain.Training;

/// <summary>Tells whoever the <c>Notify</c> section names that a run has ended, one notice after another; no run waits for it.</summary>
internal sealed class RunNotices : BackgroundService
{
    private const int MostWaiting = 100;
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(5); // for the last notices, when the process ends

    private readonly Channel<RunNotice> _waiting;
    private readonly NotifyOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<RunNotices> _logger;

    public RunNotices(IOptions<NotifyOptions> options, TimeProvider clock, ILogger<RunNotices> logger)
    {
        (_options, _clock, _logger) = (options.Value, clock, logger);
        _waiting = Channel.CreateBounded<RunNotice>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest }, oldest => logger.NoticeLost(oldest.Run.Run, MostWaiting));
    }

    /// <summary>Notes that a run has ended.</summary>
    internal void Tell(RunProgress end)
    {
        if (_options is { Address: null, Command: null or "" }) return;
        _waiting.Writer.TryWrite(new RunNotice(NoticeText.Of(end), _clock.GetUtcNow(), end));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        await Task.WhenAny(ExecuteTask ?? Task.CompletedTask, Task.Delay(Moment, _clock, cancellationToken));
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var notice in _waiting.Reader.ReadAllAsync(stoppingToken)) await Tell(notice, stoppingToken);
    }

    private Task Tell(RunNotice notice, CancellationToken cancellation)
    {
        var json = JsonSerializer.Serialize(notice, ApiJson.Options);
        return Task.WhenAll(
            _options.Address is { } url ? Try("Notify:Url", notice.Run, () => Webhook.Post(url, json, _clock, cancellation)) : Task.CompletedTask,
            _options.Command is { Length: > 0 } command ? Try("Notify:Command", notice.Run, () => NoticeCommand.Run(command, json, _clock, cancellation)) : Task.CompletedTask);
    }

    private async Task Try(string setting, RunProgress run, Func<Task> tell)
    {
        try
        {
            await tell();
            _logger.NoticeTaken(run.Run, setting, run.Phase);
        }
        catch (Exception error)
        {
            _logger.NoticeNotTaken(error, run.Run, setting, run.Phase);
        }
    }
}
