using System.CommandLine;
using IncomingCalls.Cli.Arguments;
using IncomingCalls.Cli.Commands;
using IncomingCalls.Cli.Connections;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli.Tail;

/// <summary><c>tail</c>: shows the calls of an instance as they arrive.</summary>
internal sealed class TailCommand : CliCommand
{
    private readonly InstanceOptions _instance;

    private readonly Option<bool> _consume = new("--consume")
    {
        Description = "Delete the notifications that were shown, messages included; no other consumer receives them any more. Without this option "
            + "only the head of the queue is read, and the notifications behind it are shown only when another consumer deletes the head.",
    };

    private readonly Option<bool> _noNames = new("--no-names")
    {
        Description = "Do not request caller names.",
    };

    private readonly Option<int?> _count = NumberOption.Create("--count", "End after this number of call lines.", 1, int.MaxValue);

    private readonly Option<TimeSpan?> _duration = new("--duration")
    {
        Description = "End after this time, such as 10m. By default the command runs until Ctrl+C.",
        HelpName = "time",
        CustomParser = DurationText.Parse,
    };

    public TailCommand()
        : base("tail", "Shows the calls of an instance as they arrive, one line per event. Deletes nothing without --consume.")
    {
        _instance = new(this);
        Options.Add(_consume);
        Options.Add(_noNames);
        Options.Add(_count);
        Options.Add(_duration);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("incoming-calls tail --config appsettings.json", "Watch an instance that a host polls"),
        ("incoming-calls tail --id-instance 1101000001 --token d75b3a66 --api-url https://1101.api.greenapi.com --consume", "Receive as the only consumer"),
        ("incoming-calls tail --config appsettings.json --consume --count 1 --json", "Wait for one call, for a script"),
    ];

    protected override async Task<ExitCode> RunAsync(CommandInvocation invocation, CancellationToken cancellationToken)
    {
        var arguments = invocation.Arguments;
        var instance = _instance.SelectInstance(arguments);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = arguments.GetValue(_duration) is { } duration
            ? invocation.Terminal.Time.CreateTimer(_ => stopping.Cancel(), null, duration, Timeout.InfiniteTimeSpan)
            : null;
        await using var connection = new GreenApiConnection(instance);
        var reader = new QueueReader(connection, invocation)
        {
            Consumes = arguments.GetValue(_consume),
            ResolvesNames = !arguments.GetValue(_noNames),
            Count = arguments.GetValue(_count) ?? int.MaxValue,
        };
        try
        {
            await reader.RunAsync(stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The duration has elapsed or Ctrl+C was pressed, which are the regular ways to end.
        }

        return ExitCode.Success;
    }
}
