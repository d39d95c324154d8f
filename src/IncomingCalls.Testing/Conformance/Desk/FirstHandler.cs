namespace IncomingCalls.Testing;

/// <summary>The first of two handlers.</summary>
internal sealed class FirstHandler(HandlerRecorder diary) : RecordingHandler(Name, diary)
{
    public const string Name = "first";
}
