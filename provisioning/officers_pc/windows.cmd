@echo off
rem Den Luot: this PC's user trusts the site's own authority. No administrator's rights are needed.
rem Windows asks once and shows a thumbprint (sha1): it must be the one below and on your paper.
chcp 65001 >nul
title Đến Lượt
echo.
echo   Dấu vân tay (thumbprint, sha1) - so với tờ giấy của người quản trị:
echo   Compare this thumbprint with the administrator's paper:
echo.
echo   @sha1@
echo.
echo   Windows sẽ hỏi một lần. Giống thì bấm Yes, khác thì bấm No.
echo   Windows asks once. The same: Yes. Different: No.
echo.
certutil -f -decode "%~f0" "%TEMP%\denluot-ca-@id@.cer" >nul
if errorlevel 1 goto failed
certutil -user -addstore Root "%TEMP%\denluot-ca-@id@.cer" >nul
if errorlevel 1 goto failed
del "%TEMP%\denluot-ca-@id@.cer"
echo   Xong. Mời đóng rồi mở lại trình duyệt. / Done. Please close and reopen the browser.
echo.
pause
exit /b 0
:failed
echo   Chưa xong. Mời hỏi người quản trị. / Not done. Please ask the administrator.
echo.
pause
exit /b 1

@pem@
