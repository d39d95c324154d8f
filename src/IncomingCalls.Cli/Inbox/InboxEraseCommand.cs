using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using IncomingCalls.Cli.Arguments;
using IncomingCalls.Cli.Commands;
using IncomingCalls.Cli.Lines;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli.Inbox;

/// <summary><c>inbox erase</c>: erases the data of a caller or an instance, or repeats erasures.</summary>
internal sealed class InboxEraseCommand : InboxCommand
{
    private readonly Option<ChatId?> _caller = new("--caller")
    {
        Description = "The caller: a phone number with the plus sign, or the id of the chat. Other users of the machine can see command lines.",
        HelpName = "+number|chat id",
        CustomParser = static result =>
        {
            var text = result.Tokens.Single().Value;
            if (ChatId.TryParse(text.StartsWith('+') ? $"{text.AsSpan(1)}@c.us" : text, out var chat) && chat.Kind != ChatIdKind.Group && (!text.StartsWith('+') || chat.PhoneNumber == text))
            {
                return chat;
            }

            result.AddError("--caller takes a phone number with the plus sign, or the id of the chat with a person as the gateway writes it.");
            return null;
        },
    };

    private readonly Option<string?> _account = new("--account") { Description = "The account of the instances that the caller has called, if they have one.", HelpName = "name" };
    private readonly Option<long?> _instance = new("--instance") { Description = "Erase all data of this instance.", HelpName = "idInstance" };
    private readonly Option<FileInfo?> _report = new("--report")
    {
        Description = "Repeat the erasures of a file that 'inbox erasures --json' has written, after a backup was restored for example.",
        HelpName = "file",
        CustomParser = FileInfoParser.Parse,
    };

    private readonly OperatorOption _by;
    private readonly Option<bool> _yes = Confirmation.CreateYesOption();

    public InboxEraseCommand()
        : base("erase", "Erases the data of a caller or of an instance permanently, and writes the report. Asks for confirmation.")
    {
        Options.Add(_caller);
        Options.Add(_account);
        Options.Add(_instance);
        Options.Add(_report);
        _by = new(this);
        Options.Add(_yes);
        Validators.Add(result =>
        {
            if (new Option[] { _caller, _instance, _report }.Count(option => result.GetResult(option) is not null) != 1)
            {
                result.AddError("'erase' requires one of --caller, --instance and --report.");
            }
            else if (result.GetResult(_account) is not null && result.GetResult(_caller) is null)
            {
                result.AddError("--account requires --caller.");
            }
            else if (result.GetResult(_instance) is not null && result.GetValue(_instance) is not > 0)
            {
                result.AddError("--instance takes the number of an instance.");
            }
        });
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("incoming-calls inbox erase data/calls.db --caller +70000000101 --account acme --by anna", "Erase a caller of an account, in the name of Anna"),
        ("incoming-calls inbox erase data/calls.db --instance 1101000001 --yes", "Erase an instance, in a script"),
        ("incoming-calls inbox erase --postgres INCOMING_CALLS_POSTGRES --report erasures.jsonl --yes", "Repeat the erasures of a file after a backup was restored"),
    ];

    protected override async Task<ExitCode> RunAsync(CommandInvocation invocation, InboxTarget inbox, CancellationToken cancellationToken)
    {
        var arguments = invocation.Arguments;
        var repeated = arguments.GetValue(_report) is { } file ? ReadReports(file) : [];
        if (!arguments.GetValue(_yes))
        {
            var what = repeated.Length > 0 ? string.Create(CultureInfo.InvariantCulture, $"Repeat {repeated.Length} erasures")
                : arguments.GetValue(_instance) is { } instance ? string.Create(CultureInfo.InvariantCulture, $"Permanently erase all data of the instance {instance}")
                : $"Permanently erase all data of the caller {arguments.GetValue(_caller)}";
            await Confirmation.RequireAsync(invocation.Terminal, $"{what}?", cancellationToken);
        }

        var isComplete = true;
        foreach (var erase in CreateErasures(arguments, inbox.Items, repeated))
        {
            var report = await erase(cancellationToken);
            isComplete &= report.IsComplete;
            invocation.Output.Write(ErasureLine.FromReport(report), CliJsonContext.Readable.ErasureLine);
        }

        return isComplete ? ExitCode.Success : ExitCode.ProblemsFound;
    }

    private IEnumerable<Func<CancellationToken, ValueTask<ErasureReport>>> CreateErasures(ParseResult arguments, ICallInboxAdministration inbox, ErasureReport[] repeated)
    {
        var performedBy = _by.GetName(arguments);
        return arguments.GetValue(_instance) is { } instance ? [token => inbox.EraseInstanceAsync(instance, performedBy, token)]
            : arguments.GetValue(_caller) is { } caller ? [token => inbox.EraseCallerAsync(arguments.GetValue(_account), caller, performedBy, token)]
            : repeated.Select(report => new Func<CancellationToken, ValueTask<ErasureReport>>(token => inbox.RepeatErasureAsync(report, token)));
    }

    /// <exception cref="CommandFailedException">The file cannot be read, or contains something else.</exception>
    private static ErasureReport[] ReadReports(FileInfo file)
    {
        try
        {
            var lines = Encoding.UTF8.GetString(InputFile.ReadAllBytes(file)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var reports = lines.Select(static line => (ErasureReport)JsonDocument.Parse(line).RootElement.GetProperty("report").Deserialize(IncomingCallsJson.DefaultOptions.GetTypeInfo(typeof(ErasureReport)))!).ToArray();
            return reports.Length > 0 ? reports : throw new JsonException();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new CommandFailedException(ExitCode.Unusable, $"{file} contains no reports of erasures. 'inbox erasures --json' writes such a file, with one report per line.");
        }
    }
}

/// <summary><c>inbox erasures</c>: lists the reports of erasures.</summary>
internal sealed class InboxErasuresCommand : InboxCommand
{
    private readonly Option<int?> _limit = NumberOption.Create("--limit", "The maximum number of reports; 1000 by default.", 1, 1000);

    public InboxErasuresCommand()
        : base("erasures", "Shows what was erased by whom, newest first. With --json, the output can be kept beside a backup and repeated with 'inbox erase --report'.") =>
        Options.Add(_limit);

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("incoming-calls inbox erasures data/calls.db", "Show the erasures"),
        ("incoming-calls inbox erasures data/calls.db --json > erasures.jsonl", "Export the reports, to repeat them after a backup was restored"),
    ];

    protected override async Task<ExitCode> RunAsync(CommandInvocation invocation, InboxTarget inbox, CancellationToken cancellationToken)
    {
        var reports = await inbox.Items.ListErasuresAsync(invocation.Arguments.GetValue(_limit) ?? 1000, cancellationToken);
        foreach (var report in reports)
        {
            invocation.Output.Write(ErasureLine.FromReport(report), CliJsonContext.Readable.ErasureLine);
        }

        if (reports.Count == 0)
        {
            invocation.Output.WriteNote("Nothing was erased yet.");
        }

        return ExitCode.Success;
    }
}
