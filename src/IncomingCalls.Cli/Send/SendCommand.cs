using System.CommandLine;
using IncomingCalls.Cli.Arguments;
using IncomingCalls.Cli.Commands;
using IncomingCalls.Cli.Connections;
using IncomingCalls.Cli.Lines;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli.Send;

/// <summary><c>send</c>: posts one notification to a webhook.</summary>
internal sealed class SendCommand : CliCommand
{
    private readonly Argument<string> _status = new("status")
    {
        Description = $"The status: {string.Join(", ", StatusText.Known)} (a notification without a status), or any other text.",
    };

    private readonly WebhookOptions _webhook;

    private readonly Option<string> _from = new("--from")
    {
        Description = $"The caller: {CallerText.Description}.",
        DefaultValueFactory = _ => "70000000101",
        HelpName = "caller",
    };

    private readonly Option<long?> _idInstance = NumberOption.Create("--id-instance", "The instance that is called; 1101000001 by default.", 1, long.MaxValue);

    private readonly Option<string?> _call = new("--call-id")
    {
        Description = "The id of the call, which is the same for its offer and its outcome. By default a new id.",
        HelpName = "id",
    };

    private readonly Option<TimeSpan?> _age = new("--age")
    {
        Description = "The age of the notification, such as 10m. An offer older than a minute raises no alert.",
        HelpName = "time",
        CustomParser = DurationText.Parse,
    };

    private readonly Option<TimeSpan?> _timeout = new("--timeout")
    {
        Description = "How long to wait for the response; 30s by default. The gateway waits 180 seconds.",
        HelpName = "time",
        CustomParser = DurationText.Parse,
    };

    public SendCommand()
        : base("send", "Posts one call notification to a webhook, as GREEN-API would, and prints what the host did with it.")
    {
        Arguments.Add(_status);
        _webhook = new(this, isRequired: true, "The address to post the notification to.");
        Options.Add(_from);
        Options.Add(_idInstance);
        Options.Add(_call);
        Options.Add(_age);
        Options.Add(_timeout);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("incoming-calls send offer --webhook http://127.0.0.1:5000/webhooks/green-api --webhook-token my-secret --call-id A1", "Report an incoming call"),
        ("incoming-calls send declined --webhook http://127.0.0.1:5000/webhooks/green-api --webhook-token my-secret --call-id A1", "Report that the call was not answered"),
        ("incoming-calls send none --webhook https://crm.example.com/hook --config appsettings.json --from anonymous", "Report an anonymous call in the format of 2021, with the token from a file"),
    ];

    protected override async Task<ExitCode> RunAsync(CommandInvocation invocation, CancellationToken cancellationToken)
    {
        var arguments = invocation.Arguments;
        if (StatusText.FindUnknown(arguments.GetValue(_status)!) is { } warning)
        {
            await invocation.Terminal.Error.WriteLineAsync($"{warning} It is sent as typed.");
        }

        var notification = new TestNotification
        {
            IdInstance = arguments.GetValue(_idInstance) ?? TestNotification.DefaultIdInstance,
            CallId = arguments.GetValue(_call) ?? TestNotification.CreateCallId(),
            From = CallerText.ToChatId(arguments.GetValue(_from)!),
            Status = StatusText.ToWire(arguments.GetValue(_status)!),
            At = invocation.Terminal.Time.GetUtcNow() - (arguments.GetValue(_age) ?? TimeSpan.Zero),
        };
        using var webhook = new WebhookClient(_webhook.GetAddress(arguments)!, _webhook.GetAuthorization(arguments), invocation.Terminal.Time);
        var line = await webhook.PostAsync(notification, arguments.GetValue(_timeout) ?? WebhookClient.DefaultTimeout, cancellationToken);
        invocation.Output.Write(line, CliJsonContext.Readable.SendLine);
        return line.Problem is { } problem
            ? throw new CommandFailedException(line.IsAcknowledged ? ExitCode.ProblemsFound : ExitCode.NotAcknowledged, problem)
            : ExitCode.Success;
    }
}
