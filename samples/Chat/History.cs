/// <summary>What was said last, for those who come. Lives as long as the room.</summary>
internal sealed class History
{
    private const int MaxMessages = 50;

    // So that not even the longest messages are more than a newcomer may be sent at once.
    private const int MaxCharacters = 50_000;

    private readonly Queue<Messaged> _messages = new();
    private int _characters;

    /// <summary>The messages, the oldest first.</summary>
    public IEnumerable<Messaged> Messages => _messages;

    /// <summary>Adds a message, and lets go of the oldest that are too many.</summary>
    public void Add(Messaged message)
    {
        _messages.Enqueue(message);
        _characters += message.Text.Length;
        while (_messages.Count > MaxMessages || _characters > MaxCharacters)
            _characters -= _messages.Dequeue().Text.Length;
    }
}
