using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.Json;

namespace IncomingCalls.OutputCapture;

/// <summary>
/// Keeps everything that a test process logged, traced and threw in a file, when <c>OUTPUT_CAPTURE_DIR</c> names a folder. When all tests
/// are over, IncomingCalls.Secrecy.Tests reads the files and looks for secrets and phone numbers.
/// </summary>
internal static class OutputRecorder
{
    private static readonly Lock Gate = new();
    private static TextWriter? _file;
    private static LogEventListener? _logListener;

    [ThreadStatic]
    private static bool _isWriting;

    [ModuleInitializer]
    internal static void Start()
    {
        if (Environment.GetEnvironmentVariable("OUTPUT_CAPTURE_DIR") is not { Length: > 0 } folder || _file is not null)
        {
            return;
        }

        Directory.CreateDirectory(folder);
        var name = $"{typeof(OutputRecorder).Assembly.GetName().Name}.{Environment.ProcessId}.txt";
        _file = TextWriter.Synchronized(new StreamWriter(Path.Combine(folder, name), append: true, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true });
        _logListener = new();
        ActivitySource.AddActivityListener(new()
        {
            ShouldListenTo = static _ => true,
            // No activity is made for our sake: tests look at what happens when nobody traces. Those that trace are heard.
            Sample = null,
            ActivityStopped = OnActivityStopped,
        });
        AppDomain.CurrentDomain.FirstChanceException += OnFirstChanceException;
    }

    /// <summary>Keeps a line of a program that a test started.</summary>
    public static void RecordProcessLine(string text) => Write("line", text);

    internal static void Write(string kind, string text)
    {
        if (_file is not { } file || _isWriting)
        {
            return;
        }

        _isWriting = true;
        try
        {
            lock (Gate)
            {
                file.WriteLine($"{kind} {text.ReplaceLineEndings(" ")}");
            }
        }
        finally
        {
            _isWriting = false;
        }
    }

    private static void OnActivityStopped(Activity activity) => Write("trace", string.Join(' ', activity.TagObjects
        .Concat(activity.Events.SelectMany(happened => happened.Tags))
        .Select(tag => $"{tag.Key}={tag.Value}")
        .Concat(activity.Baggage.Select(item => $"{item.Key}={item.Value}"))
        .Prepend($"{activity.Source.Name} {activity.DisplayName} {activity.StatusDescription}")));

    private static void OnFirstChanceException(object? sender, FirstChanceExceptionEventArgs thrown)
    {
        var thrower = thrown.Exception.TargetSite?.DeclaringType;
        if (!_isWriting && !ContainsParserInput(thrown.Exception, thrower) && !IsTestAssembly(thrower?.Assembly.GetName().Name ?? ""))
        {
            Write("throw", $"{thrown.Exception.GetType()} by {thrower}: {thrown.Exception.Message}");
        }
    }

    /// <summary>What the platform's parsers and binders throw shows what they were given. It is caught where it arises, and goes no further.</summary>
    private static bool ContainsParserInput(Exception exception, Type? thrower) =>
        exception is FormatException or JsonException || thrower?.Namespace == "Microsoft.Extensions.Configuration.Binder.SourceGeneration";

    /// <summary>What the tests throw themselves, on purpose or as an assertion, is no word of ours.</summary>
    private static bool IsTestAssembly(string assembly) =>
        assembly.EndsWith(".Tests", StringComparison.Ordinal) || assembly.EndsWith(".Testing", StringComparison.Ordinal)
        || assembly.StartsWith("xunit", StringComparison.Ordinal) || assembly.StartsWith("FluentAssertions", StringComparison.Ordinal);
}

/// <summary>Hears every logger of a host that has the event source provider, at Debug and above, whatever the host's own filters say.</summary>
internal sealed class LogEventListener : EventListener
{
    /// <summary>Message, arguments and exception as JSON; a keyword of the provider.</summary>
    private const EventKeywords JsonMessage = (EventKeywords)8;

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Extensions-Logging")
        {
            EnableEvents(eventSource, EventLevel.Verbose, JsonMessage);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // A web server's own log shows the paths it is asked for, and what stands in them is up to whoever asks.
        if (eventData is { EventName: "MessageJson", Payload: { } payload } && payload[2] is string category && !category.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal))
        {
            OutputRecorder.Write("log", string.Join(' ', payload));
        }
    }
}
