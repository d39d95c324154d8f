using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.Json;

namespace IncomingCalls.OutputCapture;

/// <summary>
/// Records everything that a test process logs, traces and throws to a file if <c>OUTPUT_CAPTURE_DIR</c> names a folder. After all tests,
/// IncomingCalls.Secrecy.Tests searches the files for secrets and phone numbers.
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
            // This listener creates no activities, since some tests check the behaviour without tracing. Activities of other listeners are recorded.
            Sample = null,
            ActivityStopped = OnActivityStopped,
        });
        AppDomain.CurrentDomain.FirstChanceException += OnFirstChanceException;
    }

    /// <summary>Records an output line of a program that a test started.</summary>
    public static void RecordProcessLine(string text) => Write("output", text);

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
        .Concat(activity.Events.SelectMany(activityEvent => activityEvent.Tags))
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

    /// <summary>Whether the exception is one of the platform's parsers and binders, whose messages contain the input. The product catches these exceptions at the call.</summary>
    private static bool ContainsParserInput(Exception exception, Type? thrower) =>
        exception is FormatException or JsonException || thrower?.Namespace == "Microsoft.Extensions.Configuration.Binder.SourceGeneration";

    /// <summary>Whether the exception is thrown by test code, on purpose or as an assertion, and so is not output of the product.</summary>
    private static bool IsTestAssembly(string assembly) =>
        assembly.EndsWith(".Tests", StringComparison.Ordinal) || assembly.EndsWith(".Testing", StringComparison.Ordinal)
        || assembly.StartsWith("xunit", StringComparison.Ordinal) || assembly.StartsWith("FluentAssertions", StringComparison.Ordinal);
}

/// <summary>Receives the entries of every logger of a host that has the event source provider, at Debug and above, independent of the filters of the host.</summary>
internal sealed class LogEventListener : EventListener
{
    /// <summary>The keyword of the provider for message, arguments and exception as JSON.</summary>
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
        // The logs of ASP.NET Core contain request paths, whose content is chosen by the client.
        if (eventData is { EventName: "MessageJson", Payload: { } payload } && payload[2] is string category && !category.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal))
        {
            OutputRecorder.Write("log", string.Join(' ', payload));
        }
    }
}
