using System.CommandLine;
using IncomingCalls.Cli.Arguments;
using IncomingCalls.Cli.Commands;
using IncomingCalls.Cli.Connections;
using IncomingCalls.Cli.Lines;
using IncomingCalls.Cli.Output;
using IncomingCalls.GreenApi.Doctor;

namespace IncomingCalls.Cli.Doctor;

/// <summary><c>doctor</c>: finds out why no calls arrive.</summary>
internal sealed class DoctorCommand : CliCommand
{
    private const int MaxConcurrentInstances = 8;

    private static readonly DoctorFindingCode[] RefusalCodes = [DoctorFindingCode.ApiTokenRefused, DoctorFindingCode.InstanceRefused, DoctorFindingCode.InstanceExpired];
    private static readonly DoctorFindingCode[] UnreachableCodes = [DoctorFindingCode.ApiUnreachable, DoctorFindingCode.ApiUrlWrong];

    private readonly InstanceOptions _instance;
    private readonly WebhookOptions _webhook;

    private readonly Option<ReceiveMode?> _receive = new("--receive")
    {
        Description = "How your host receives notifications: polling or webhook. By default the value of the configuration; with --webhook: webhook.",
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
        Description = "How long a waiting notification is watched to detect another consumer; 5s by default, at most 1m, 0s to skip the check.",
        HelpName = "time",
        CustomParser = DurationText.Parse,
    };

    private readonly Option<bool> _apply = new("--apply")
    {
        Description = "Switch call notifications on, and with --webhook also write its address and token. Shows the changes and asks for confirmation.",
    };

    private readonly Option<bool> _yes = Confirmation.CreateYesOption();

    public DoctorCommand()
        : base("doctor", "Examines all configured instances, or one, to find out why no calls arrive. Changes nothing without --apply.")
    {
        var config = HostConfiguration.CreateOption();
        _instance = new(this, config);
        _webhook = new(this, isRequired: false, "The address of your webhook as GREEN-API reaches it. Harmless notifications are posted there: one with the token, one with a wrong token, and a large one.", config);
        Options.Add(_receive);
        Options.Add(_watch);
        Options.Add(_apply);
        Options.Add(_yes);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("incoming-calls doctor --config appsettings.json", "Examine all instances that your host polls"),
        ("incoming-calls doctor --config appsettings.json --webhook https://crm.example.com/webhooks/green-api", "Examine an instance that posts to your host"),
        ("incoming-calls doctor --config appsettings.json --apply", "Switch call notifications on after a confirmation"),
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

    /// <summary>Examines the instances in chunks, so that the first findings are written before the last instance is examined.</summary>
    private static async Task<IReadOnlyList<DoctorFinding>> ExamineAsync(
        CommandInvocation invocation, IReadOnlyList<SelectedInstance> instances, ReceiveMode? receive, DoctorOptions options, CancellationToken cancellationToken)
    {
        List<DoctorFinding> all = [];
        List<DoctorReport> compared = [];
        using var client = GreenApiClient.Create();
        var doctor = new CallDoctor(client);
        foreach (var chunk in instances.Chunk(MaxConcurrentInstances))
        {
            var reports = new Queue<DoctorReport>(await doctor.ExamineEachAsync(
                [.. chunk.Select(selected => selected.Instance).OfType<CallInstance>().Select(instance => WithReceive(instance, receive))], options, cancellationToken));
            compared.AddRange(reports);
            foreach (var selected in chunk)
            {
                var findings = selected.Problem is { } problem
                    ? [new(DoctorFindingCode.InstanceUnusable, problem)]
                    : reports.Dequeue().Findings;
                Write(invocation, selected.IdInstance, findings, instances.Count > 1);
                all.AddRange(findings);
            }
        }

        foreach (var (report, finding) in SharedAccountCheck.Run(compared))
        {
            Write(invocation, report.IdInstance, [finding], isOneOfSeveral: true);
            all.Add(finding);
        }

        return all;
    }

    private static void Write(CommandInvocation invocation, long idInstance, IReadOnlyList<DoctorFinding> findings, bool isOneOfSeveral)
    {
        foreach (var finding in findings)
        {
            invocation.Output.Write(DoctorLine.FromFinding(idInstance, finding, isOneOfSeveral), CliJsonContext.Readable.DoctorLine);
        }
    }

    /// <summary>The findings that writing the settings corrects.</summary>
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
