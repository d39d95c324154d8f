namespace IncomingCalls.Testing;

/// <summary>The first of two handlers.</summary>
internal sealed class FirstHandler(Diary diary) : DiaryHandler(Name, diary)
{
    public const string Name = "first";
}
