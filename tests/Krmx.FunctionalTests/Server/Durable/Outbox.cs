using System.Collections.Immutable;
using Krmx.State;

namespace Krmx.FunctionalTests.Server.Durable;

// As docs/persistence.md shows them.
public record Mail(Guid Id, string To, string Text);

public interface IMailer
{
    Task SendAsync(Mail mail);
}

public sealed class Outbox
{
    private readonly KrmxRoom _room;
    private readonly IMailer _mailer;
    private readonly KrmxValue<ImmutableList<Mail>> _mails;
    private bool _isSending;

    public Outbox(KrmxRoom room, IMailer mailer)
    {
        (_room, _mailer) = (room, mailer);
        _mails = room.AddValue("outbox", ImmutableList<Mail>.Empty);
        room.OnAlarm("outbox", SendAllAsync);
        room.OnOpen(() =>
        {
            if (!_mails.Value.IsEmpty)
                room.SetAlarm("outbox", TimeSpan.Zero);     // what a former process has left
        });
    }

    public void Add(string to, string text)
    {
        _mails.Update(mails => mails.Add(new Mail(Guid.NewGuid(), to, text)));
        _room.SetAlarm("outbox", TimeSpan.Zero);
    }

    private async Task SendAllAsync()
    {
        _room.SetAlarm("outbox", TimeSpan.FromMinutes(1));  // again, should this not come to its end
        if (_isSending)
            return;
        _isSending = true;
        try
        {
            while (_mails.Value is [Mail mail, ..])
            {
                await _room.StoredAsync();                  // what asks for the mail does not get lost any more
                await _mailer.SendAsync(mail);
                _mails.Update(mails => mails.Remove(mail)); // lost in a crash, it is sent again
            }
            _room.CancelAlarm("outbox");
        }
        finally
        {
            _isSending = false;
        }
    }
}
