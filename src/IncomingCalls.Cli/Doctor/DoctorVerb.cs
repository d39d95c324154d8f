using System.CommandLine;

namespace IncomingCalls.Cli;

/// <summary><c>doctor</c>: why no calls arrive.</summary>
internal sealed class DoctorVerb : Verb
{
    private static readonly DoctorFindingCode[] Refusals = [DoctorFindingCode.ApiTokenRefused, DoctorFindingCode.InstanceRefused, DoctorFindingCode.InstanceExpired];
    private static readonly DoctorFindingCode[] Silences = [DoctorFindingCode.ApiUnreachable, DoctorFindingCode.ApiUrlWrong];

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

    private readonly Option<bool> _yes = Question.CreateYesOption();

    public DoctorVerb()
        : base("doctor", "Examines an instance to find out why no calls arrive. Changes nothing without --apply.")
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
        ("incoming-calls doctor --config appsettings.json", "An instance that your host polls"),
        ("incoming-calls doctor --config appsettings.json --webhook https://crm.example.com/webhooks/green-api", "One that posts to your host"),
        ("incoming-calls doctor --config appsettings.json --apply", "Switch the notifications of calls on, after a question"),
    ];

    protected override async Task<ExitCode> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var arguments = invocation.Arguments;
        var address = _webhook.Address(arguments);
        var authorization = address is null ? null : _webhook.Authorization(arguments);
        var instance = WithReceive(_instance.Choose(arguments), arguments.GetValue(_receive) ?? (address is null ? null : ReceiveMode.Webhook));
        await using var connection = new GreenApiConnection(instance);
        var report = await new CallDoctor(connection.Client).ExamineAsync(instance, OptionsOf(arguments, address, authorization), cancellationToken);
        foreach (var finding in report.Findings)
        {
            invocation.Output.Write(DoctorLine.Of(report.IdInstance, finding), CliJsonContext.Readable.DoctorLine);
        }

        if (!arguments.GetValue(_apply))
        {
            return CodeOf(report);
        }

        GreenApiSettingsChange wanted = new() { IncomingCallWebhook = true, IncomingWebhook = true, WebhookUrl = address?.AbsoluteUri, WebhookUrlToken = authorization };
        await new SettingsTreatment(connection, invocation).RunAsync(wanted, arguments.GetValue(_yes), cancellationToken);
        return ExitCode.Success;
    }

    private static CallInstance WithReceive(CallInstance instance, ReceiveMode? receive) => new()
    {
        IdInstance = instance.IdInstance,
        ApiTokenInstance = instance.ApiTokenInstance,
        ApiUrl = instance.ApiUrl,
        Receive = receive ?? instance.Receive,
    };

    private static ExitCode CodeOf(DoctorReport report) =>
        Has(report, Refusals) ? ExitCode.Refused
        : Has(report, Silences) ? ExitCode.Unreachable
        : report.Severity == DoctorSeverity.Error ? ExitCode.Ill
        : ExitCode.Success;

    private static bool Has(DoctorReport report, DoctorFindingCode[] codes) => report.Findings.Any(finding => codes.Contains(finding.Code));

    private DoctorOptions OptionsOf(ParseResult arguments, Uri? address, string? authorization)
    {
        var watch = arguments.GetValue(_watch) ?? TimeSpan.FromSeconds(5);
        return watch <= TimeSpan.FromMinutes(1)
            ? new() { WebhookUrl = address, WebhookToken = authorization, ConsumerWatch = watch == TimeSpan.Zero ? null : watch }
            : throw new CommandFailedException(ExitCode.Usage, "--watch takes a time of up to a minute, such as 10s.");
    }
}
