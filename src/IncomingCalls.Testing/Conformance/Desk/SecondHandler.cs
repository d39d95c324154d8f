namespace IncomingCalls.Testing;

/// <summary>The second of two handlers.</summary>
internal sealed class SecondHandler(HandlerRecorder diary) : RecordingHandler(Name, diary)
{
    public const string Name = "second";
}
