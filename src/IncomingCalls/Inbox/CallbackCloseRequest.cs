using System.Diagnostics.CodeAnalysis;
using IncomingCalls.Handling.Values;

namespace IncomingCalls.Inbox;

/// <summary>The validated arguments of <see cref="ICallbacks.CloseAsync"/>, for authors of inboxes.</summary>
[Experimental("ICEXP001")]
public sealed class CallbackCloseRequest
{
    private const int MaxTextLength = 200;

    private CallbackCloseRequest(Person person, string? by, DateTimeOffset at, string? note) => (Person, By, At, Note) = (person, by, at, note);

    /// <summary>The person.</summary>
    public Person Person { get; }

    /// <summary>Who has reached the person; null if that is not known.</summary>
    public string? By { get; }

    /// <summary>When the person was reached, in UTC.</summary>
    public DateTimeOffset At { get; }

    /// <summary>How the person was reached; null if that is not known.</summary>
    public string? Note { get; }

    /// <summary>Validates the arguments.</summary>
    /// <param name="person">The person.</param>
    /// <param name="by">Who has reached the person, at most 200 characters; null or white space if that is not known.</param>
    /// <param name="at">When the person was reached.</param>
    /// <param name="how">How the person was reached, at most 200 characters; null or white space if that is not known.</param>
    /// <returns>The request.</returns>
    /// <exception cref="ArgumentException">A text is too long or malformed.</exception>
    public static CallbackCloseRequest Create(Person person, string? by, DateTimeOffset at, string? how)
    {
        ArgumentNullException.ThrowIfNull(person);
        return new(person, Require(by, nameof(by)), at.ToUniversalTime(), Require(how, nameof(how)));
    }

    private static string? Require(string? text, string parameterName)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (text.Length > MaxTextLength)
        {
            throw new ArgumentException($"The text has more than {MaxTextLength} characters.", parameterName);
        }

        StorableText.RequireValue(text, parameterName);
        return text;
    }
}
