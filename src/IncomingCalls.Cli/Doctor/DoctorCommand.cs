using System.CommandLine;
using IncomingCalls.Cli.Arguments;
using IncomingCalls.Cli.Commands;
using IncomingCalls.Cli.Connections;
using IncomingCalls.Cli.Lines;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli.Doctor;

/// <summary><c>doctor</c>: why no calls arrive.</summary>
internal sealed class DoctorCommand : CliCommand
{
    private const int MaxConcurrentInstances = 8;

    private static readonly DoctorFindingCode[] RefusalCodes = [DoctorFindingCode.ApiTokenRefused, DoctorFindingCode.InstanceRefused, DoctorFindingCode.InstanceExpired];
    private static readonly DoctorFindingCode[] UnreachableCodes = [DoctorFindingCode.ApiUnreachable, DoctorFindingCode.ApiUrlWrong];

    private readonly InstanceOptions _instance;
    private readonly WebhookOptions _webhook;

    private readonly Option<ReceiveMode?> _receive = new("--receive")
    {
        Description = "How your host receives: polling or webhook. By default as the configuration says, and webhook with --webhook.",
        HelpName = "polling|webhook",
        CustomParser = result =>
        {
            if (Enum.TryParse<ReceiveMode>(result.Tokens.Single().Value, ignoreCase: true, out var mode) && Enum.IsDefined(mode))
            {
                return mode;
            }

            result.AddError("--receive takes polling or webhook.");
            return null;
        },
    };

    private readonly Option<TimeSpan?> _watch = new("--watch")
    {
        Description = "How long a waiting notification is watched, to see whether another program takes it; 5s by default, 0s for not at all, 1m at most.",
        HelpName = "time",
        CustomParser = DurationText.Parse,
    };

    private readonly Option<bool> _apply = new("--apply")
    {
        Description = "Switch on the notifications of calls, and with --webhook enter its address and token. Says what would change, and asks first.",
    };

    private readonly Option<bool> _yes = Confirmation.CreateYesOption();

    public DoctorCommand()
        : base("doctor", "Examines every configured instance, or one, to find out why no calls arrive. Changes nothing without --apply.")
    {
        var config = HostConfiguration.CreateOption();
        _instance = new(this, config);
        _webhook = new(this, isRequired: false, "The address of your webhook as GREEN-API reaches it: a harmless notification is posted there, and a wrong token tried.", config);
        Options.Add(_receive);
        Options.Add(_watch);
        Options.Add(_apply);
        Options.Add(_yes);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("incoming-calls doctor --config appsettings.json", "Every instance that your host polls"),
        ("incoming-calls doctor --config appsettings.json --webhook https://crm.example.com/webhooks/green-api", "One that posts to your host"),
        ("incoming-calls doctor --config appsettings.json --apply", "Switch the notifications of calls on, after a question"),
    ];

    protected override async Task<ExitCode> RunAsync(CommandInvocation invocation, CancellationToken cancellationToken)
    {
        var arguments = invocation.Arguments;
        var address = _webhook.GetAddress(arguments);
        var authorization = address is null ? null : _webhook.GetAuthorization(arguments);
        var options = CreateOptions(arguments, address, authorization);
        var receive = arguments.GetValue(_receive) ?? (address is null ? null : ReceiveMode.Webhook);
        if (!arguments.GetValue(_apply))
        {
            return ExitCodeOf(await ExamineAsync(invocation, _instance.SelectInstances(arguments), receive, options, cancellationToken));
        }

        var instance = _instance.SelectInstance(arguments);
        var findings = await ExamineAsync(invocation, [new(instance)], receive, options, cancellationToken);
        await using var connection = new GreenApiConnection(instance);
        GreenApiSettingsChange wanted = new() { IncomingCallWebhook = true, IncomingWebhook = true, WebhookUrl = address?.AbsoluteUri, WebhookUrlToken = authorization };
        await new SettingsUpdate(connection, invocation).RunAsync(wanted, arguments.GetValue(_yes), cancellationToken);
        return ExitCodeOf(findings.Where(finding => !CodesFixedBySettings(address is not null).Contains(finding.Code)));
    }

    /// <summary>Examines some instances at a time, so that the first findings do not wait for the last.</summary>
    private static async Task<IReadOnlyList<DoctorFinding>> ExamineAsync(
        CommandInvocation invocation, IReadOnlyList<SelectedInstance> chosen, ReceiveMode? receive, DoctorOptions options, CancellationToken cancellationToken)
    {
        List<DoctorFinding> all = [];
        using var client = GreenApiClient.Create();
        var doctor = new CallDoctor(client);
        foreach (var some in chosen.Chunk(MaxConcurrentInstances))
        {
            var reports = new Queue<DoctorReport>(await doctor.ExamineAllAsync(
                some.Select(one => one.Instance).OfType<CallInstance>().Select(instance => WithReceive(instance, receive)), options, cancellationToken));
            foreach (var one in some)
            {
                var findings = one.Problem is { } complaint
                    ? [new(DoctorFindingCode.InstanceUnusable, complaint)]
                    : reports.Dequeue().Findings;
                foreach (var finding in findings)
                {
                    invocation.Output.Write(DoctorLine.FromFinding(one.IdInstance, finding, chosen.Count > 1), CliJsonContext.Readable.DoctorLine);
                }

                all.AddRange(findings);
            }
        }

        return all;
    }

    /// <summary>What settings mend.</summary>
    private static DoctorFindingCode[] CodesFixedBySettings(bool withWebhook) => withWebhook
        ? [DoctorFindingCode.CallNotificationsOff, DoctorFindingCode.WebhookUrlMissing, DoctorFindingCode.WebhookUrlMismatch, DoctorFindingCode.WebhookTokenMismatch]
        : [DoctorFindingCode.CallNotificationsOff];

    private static CallInstance WithReceive(CallInstance instance, ReceiveMode? receive) => new()
    {
        IdInstance = instance.IdInstance,
        ApiTokenInstance = instance.ApiTokenInstance,
        ApiUrl = instance.ApiUrl,
        Receive = receive ?? instance.Receive,
    };

    private static ExitCode ExitCodeOf(IEnumerable<DoctorFinding> findings) => findings.ToList() switch
    {
        var all when all.Exists(finding => RefusalCodes.Contains(finding.Code)) => ExitCode.Refused,
        var all when all.Exists(finding => UnreachableCodes.Contains(finding.Code)) => ExitCode.Unreachable,
        var all when all.Exists(finding => finding.Severity == DoctorSeverity.Error) => ExitCode.ProblemsFound,
        _ => ExitCode.Success,
    };

    private DoctorOptions CreateOptions(ParseResult arguments, Uri? address, string? authorization)
    {
        var watch = arguments.GetValue(_watch) ?? TimeSpan.FromSeconds(5);
        return watch <= TimeSpan.FromMinutes(1)
            ? new() { WebhookUrl = address, WebhookToken = authorization, ConsumerWatchDuration = watch == TimeSpan.Zero ? null : watch }
            : throw new CommandFailedException(ExitCode.Usage, "--watch takes a time of up to a minute, such as 10s.");
    }
}
